// The three planes: slider, slices, detail frame.

const view = {
  left: 0, right: 0, difference: false, border: 0.5, brightness: 0, contrast: 0, gain: 10,
  active: 0, side: 40,
  slices: report.planes.map((plane) => Math.floor(plane.slices.length / 2)),
  details: report.planes.map((plane) => [...plane.detail]),
};
const panels = [];
const extent = (plane) => [plane.width * plane.pixel[0], plane.height * plane.pixel[1]];
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
const layerNumber = (id) => report.layers.findIndex((layer) => layer.id === id);

function makeViewer() {
  const names = report.layers.map((layer) => layer.id);
  view.left = Math.max(0, names.indexOf(report.start[0]));
  view.right = Math.max(0, names.indexOf(report.start[1]));
  for (const [id, key] of [['left', 'left'], ['right', 'right']]) {
    const select = byId(id);
    report.layers.forEach((layer, number) =>
      select.append(element('option', {value: number}, layer.name)));
    select.value = view[key];
    select.addEventListener('change', () => { view[key] = Number(select.value); redraw(); });
  }
  byId('show-split').addEventListener('click', () => showDifference(false));
  byId('show-difference').addEventListener('click', () => showDifference(true));
  slider('brightness', (value) => { view.brightness = value / 100; });
  slider('contrast', (value) => { view.contrast = value / 100; });
  slider('gain', (value) => { view.gain = Math.pow(10, value / 30); });
  byId('reset').addEventListener('click', resetView);
  byId('convention').textContent = report.convention;
  const widest = Math.max(...report.planes.map((plane) => extent(plane)[0]));
  report.planes.forEach((plane, number) => makePanel(plane, number, widest));
  slider('detail-side', (value) => { view.side = value; });
  const side = Math.round(Math.min(...report.planes.flatMap(extent)) / 4);
  byId('detail-side').max = Math.max(20, side * 2);
  byId('detail-side').value = view.side = clamp(side, 10, 60);
  for (const layer of report.layers) {
    const canvas = element('canvas', {width: 480, height: 480, role: 'img'});
    byId('insets').append(element('figure', {}, canvas, element('figcaption', {}, layer.name)));
  }
}

function slider(id, take) {
  byId(id).addEventListener('input', (event) => { take(Number(event.target.value)); redraw(); });
}

function showDifference(isOn) {
  view.difference = isOn;
  byId('show-split').setAttribute('aria-pressed', String(!isOn));
  byId('show-difference').setAttribute('aria-pressed', String(isOn));
  byId('gain-label').hidden = !isOn;
  redraw();
}

function resetView() {
  view.border = 0.5;
  view.brightness = view.contrast = 0;
  byId('brightness').value = byId('contrast').value = 0;
  report.planes.forEach((plane, number) => {
    view.details[number] = [...plane.detail];
    setSlice(number, Math.floor(plane.slices.length / 2));
  });
  redraw();
}

function makePanel(plane, number, widest) {
  const [across, down] = extent(plane);
  const canvas = element('canvas', {width: plane.width, height: plane.height});
  const picture = element('div', {
    class: 'picture', tabindex: 0, role: 'slider', 'aria-valuemin': 1,
    'aria-valuemax': plane.slices.length, 'aria-label': `${plane.name} slices`,
    style: `aspect-ratio: ${across} / ${down}`,
  }, canvas);
  const parts = {canvas, picture};
  for (const [key, kind, text] of [
    ['leftTag', 'tag l', ''], ['rightTag', 'tag r', ''], ['edge', 'edge l', plane.edges[0]],
    ['edge', 'edge r', plane.edges[1]], ['edge', 'edge t', plane.edges[2]],
    ['edge', 'edge b', plane.edges[3]], ['line', 'border', ''], ['frame', 'frame', ''],
  ]) {
    parts[key] = element('span', {class: kind, 'aria-hidden': 'true'}, text);
    picture.append(parts[key]);
  }
  const bar = across > 60 ? 20 : across > 15 ? 5 : 1;
  picture.append(element(
    'span', {class: 'bar', 'aria-hidden': 'true', style: `width: ${100 * bar / across}%`}, `${bar} mm`));
  parts.range = element('input', {
    type: 'range', min: 0, max: plane.slices.length - 1, value: view.slices[number],
    'aria-label': `${plane.name} slice`,
  });
  parts.text = element('output');
  parts.range.addEventListener('input', () => setSlice(number, Number(parts.range.value)));
  const caption = element('figcaption', {}, element('b', {}, plane.name), parts.range, parts.text);
  // Widths follow the extents, so that all planes have one scale.
  const figure = element('figure', {class: 'plane', style: `flex: ${across / widest} 1 0`}, picture, caption);
  byId('planes').append(figure);
  panels.push(parts);
  listen(picture, plane, number);
}

function setSlice(number, slice) {
  view.slices[number] = clamp(slice, 0, report.planes[number].slices.length - 1);
  panels[number].range.value = view.slices[number];
  view.active = number;
  redraw();
}

function listen(picture, plane, number) {
  let start = null;
  const place = (event) => {
    const box = picture.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  };
  picture.addEventListener('pointerdown', (event) => {
    start = {x: event.clientX, y: event.clientY, hasMoved: false};
    picture.setPointerCapture(event.pointerId);
  });
  picture.addEventListener('pointermove', (event) => {
    if (!start) return;
    start.hasMoved ||= Math.hypot(event.clientX - start.x, event.clientY - start.y) > 4;
    if (start.hasMoved) {
      view.border = clamp(place(event)[0], 0, 1);
      view.active = number;
      redraw();
    }
  });
  picture.addEventListener('pointerup', (event) => {
    if (start && !start.hasMoved) {
      const [x, y] = place(event);
      const [across, down] = extent(plane);
      moveDetail(number, [x * across, y * down]);
    }
    start = null;
  });
  picture.addEventListener('pointercancel', () => { start = null; });
  let turned = 0;
  picture.addEventListener('wheel', (event) => {
    event.preventDefault();
    turned += event.deltaY;
    if (Math.abs(turned) < 20) return;
    setSlice(number, view.slices[number] + Math.sign(turned));
    turned = 0;
  }, {passive: false});
  picture.addEventListener('keydown', (event) => {
    const [x, y] = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
      PageUp: [0, -5], PageDown: [0, 5]}[event.key] ?? [0, 0];
    if (x === 0 && y === 0) return;
    event.preventDefault();
    if (event.shiftKey) {
      const [across, down] = view.details[number];
      moveDetail(number, [across + 2 * x, down + 2 * y]);
    } else if (y !== 0) {
      setSlice(number, view.slices[number] - y);
    } else {
      view.border = clamp(view.border + x / 50, 0, 1);
      redraw();
    }
  });
}

function moveDetail(number, [x, y]) {
  const [across, down] = extent(report.planes[number]);
  view.details[number] = [clamp(x, 0, across), clamp(y, 0, down)];
  view.active = number;
  redraw();
}

const drawing = {isOn: false, isWanted: false};

/** Draws everything, again and again as long as something changed meanwhile. */
async function redraw() {
  drawing.isWanted = true;
  delete document.body.dataset.ready;
  if (drawing.isOn) return;
  drawing.isOn = true;
  while (drawing.isWanted) {
    drawing.isWanted = false;
    await Promise.all(report.planes.map((_, number) => drawPanel(number)));
    await drawInsets();
    await drawProfile();
  }
  drawing.isOn = false;
  document.body.dataset.ready = 'true';
}

const colours = (layer) =>
  report.layers[layer].kind === 'signed' ? signedTable : grayTable(view.brightness, view.contrast);

async function drawPanel(number) {
  const plane = report.planes[number];
  const slice = view.slices[number];
  const {canvas, picture, line, frame, leftTag, rightTag, text} = panels[number];
  const [left, right] = await Promise.all(
    [levels(number, slice, view.left), levels(number, slice, view.right)]);
  const context = canvas.getContext('2d');
  const image = context.createImageData(plane.width, plane.height);
  if (view.difference) {
    paintDifference(image, left, right, view.gain);
  } else {
    const column = Math.round(view.border * plane.width);
    paint(image, left, colours(view.left), 0, column);
    paint(image, right, colours(view.right), column, plane.width);
  }
  context.putImageData(image, 0, 0);
  line.hidden = view.difference;
  line.style.left = `${100 * view.border}%`;
  leftTag.textContent = view.difference
    ? `${report.layers[view.right].name} − ${report.layers[view.left].name}`
    : report.layers[view.left].name;
  rightTag.textContent = view.difference ? '' : report.layers[view.right].name;
  const shown = plane.slices[slice];
  text.textContent = `${shown.index + 1} of ${plane.count}`;
  picture.setAttribute('aria-valuenow', slice + 1);
  picture.setAttribute('aria-valuetext', `${shown.index + 1} of ${plane.count}`);
  picture.classList.toggle('active', number === view.active);
  drawFrame(number, frame);
  if (number === view.active) describe(left, right);
}

function drawFrame(number, frame) {
  const [across, down] = extent(report.planes[number]);
  const [x, y] = corner(number);
  frame.hidden = number !== view.active;
  frame.style.cssText =
    `left: ${100 * x / across}%; top: ${100 * y / down}%; `
    + `width: ${100 * view.side / across}%; height: ${100 * view.side / down}%`;
}

/** Says how far left and right are apart in the slice. */
function describe(left, right) {
  const isImage = [view.left, view.right].every((layer) => report.layers[layer].kind !== 'signed');
  let sum = 0;
  for (let index = 0; index < left.length; index++) sum += (right[index] - left[index]) ** 2;
  const root = Math.sqrt(sum / left.length);
  const notes = [view.left, view.right].map((layer) => report.layers[layer].note).filter(Boolean);
  const gain = view.difference
    ? ` Full colour: ± ${short(255 * unitsPerLevel / view.gain)} and more (orange: the right one is brighter).`
    : '';
  byId('viewer-text').textContent = (isImage
    ? `${report.planes[view.active].name} slice: ${report.layers[view.right].name} and `
      + `${report.layers[view.left].name} differ by ${short(root * unitsPerLevel)} (root mean square), `
      + `${short(root / 2.55)} % of the gray window.${gain} `
    : '') + [...new Set(notes)].join(' ');
}

/** The upper left corner of the detail in mm. */
function corner(number) {
  const [across, down] = extent(report.planes[number]);
  const [x, y] = view.details[number];
  return [clamp(x - view.side / 2, 0, Math.max(0, across - view.side)),
    clamp(y - view.side / 2, 0, Math.max(0, down - view.side))];
}

async function drawInsets() {
  const number = view.active;
  const plane = report.planes[number];
  const [x, y] = corner(number);
  const figures = byId('insets').children;
  byId('detail-text').textContent = `${view.side} mm, ${plane.name}`;
  const gray = await Promise.all(
    report.layers.map((_, layer) => levels(number, view.slices[number], layer)));
  report.layers.forEach((layer, index) => {
    const source = scratch(plane.width, plane.height);
    const image = source.createImageData(plane.width, plane.height);
    paint(image, gray[index], colours(index), 0, plane.width);
    source.putImageData(image, 0, 0);
    const canvas = figures[index].querySelector('canvas');
    canvas.setAttribute('aria-label', `Detail of ${layer.name}`);
    const context = canvas.getContext('2d');
    context.imageSmoothingEnabled = false;
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(
      source.canvas, x / plane.pixel[0], y / plane.pixel[1], view.side / plane.pixel[0],
      view.side / plane.pixel[1], 0, 0, canvas.width, canvas.height);
  });
}
