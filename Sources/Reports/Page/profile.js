// Intensity along a line that the reader draws.

const line = {ends: [[0.2, 0.5], [0.8, 0.5]], handles: [], canvas: null, overlay: null};

function makeProfile() {
  const box = byId('profile-image');
  line.canvas = element('canvas', {role: 'img', 'aria-label': 'Slice with the line'});
  line.overlay = shape('svg', {viewBox: '0 0 100 100', preserveAspectRatio: 'none', 'aria-hidden': 'true'},
    shape('line', {stroke: '#ffc83d', 'stroke-width': 2, 'vector-effect': 'non-scaling-stroke'}));
  box.append(line.canvas, line.overlay);
  const [x, y] = report.planes[0].detail;
  const [across, down] = extent(report.planes[0]);
  const half = Math.min(0.15, 30 / across);
  line.ends = [[x / across - half, y / down], [x / across + half, y / down]].map(
    (end) => end.map((share) => clamp(share, 0.02, 0.98)));
  line.handles = line.ends.map((_, number) => makeHandle(box, number));
}

function makeHandle(box, number) {
  const handle = element('button', {type: 'button', class: 'end', 'aria-label': number ? 'End of the line' : 'Start of the line'});
  const move = (x, y) => {
    line.ends[number] = [clamp(x, 0, 1), clamp(y, 0, 1)];
    redraw();
  };
  handle.addEventListener('pointerdown', (event) => handle.setPointerCapture(event.pointerId));
  handle.addEventListener('pointermove', (event) => {
    if (!handle.hasPointerCapture(event.pointerId)) return;
    const frame = box.getBoundingClientRect();
    move((event.clientX - frame.left) / frame.width, (event.clientY - frame.top) / frame.height);
  });
  handle.addEventListener('keydown', (event) => {
    const step = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}[event.key];
    if (!step) return;
    event.preventDefault();
    const [x, y] = line.ends[number];
    move(x + step[0] / 100, y + step[1] / 100);
  });
  box.append(handle);
  return handle;
}

async function drawProfile() {
  const number = view.active;
  const plane = report.planes[number];
  const shown = report.layers.map((layer, index) => ({layer, index}))
    .filter(({layer}) => layer.kind === 'image');
  const gray = await Promise.all(
    shown.map(({index}) => levels(number, view.slices[number], index)));
  drawProfileImage(plane, gray[gray.length - 1]);
  const [across, down] = extent(plane);
  const [start, end] = line.ends.map(([x, y]) => [x * across, y * down]);
  const length = Math.hypot(end[0] - start[0], end[1] - start[1]);
  const count = Math.max(2, Math.min(400, Math.round(2 * length / Math.min(...plane.pixel))));
  const series = shown.map(({layer}, at) => {
    const points = [];
    for (let step = 0; step <= count; step++) {
      const share = step / count;
      const x = (start[0] + share * (end[0] - start[0])) / plane.pixel[0] - 0.5;
      const y = (start[1] + share * (end[1] - start[1])) / plane.pixel[1] - 0.5;
      points.push([share * length, intensity(between(gray[at], plane, x, y))]);
    }
    return {id: layer.id, name: layer.name, points};
  });
  byId('profile-chart').replaceChildren(lineChart({
    title: `${plane.name} slice ${plane.slices[view.slices[number]].index + 1}`, xLabel: 'mm along the line',
    yLabel: 'intensity', series,
  }));
}

function drawProfileImage(plane, gray) {
  const {canvas} = line;
  canvas.width = plane.width;
  canvas.height = plane.height;
  const [across, down] = extent(plane);
  canvas.style.aspectRatio = `${across} / ${down}`;
  byId('profile-image').style.width = `min(100%, 28rem, ${26 * across / down}rem)`;
  const context = canvas.getContext('2d');
  const image = context.createImageData(plane.width, plane.height);
  paint(image, gray, grayTable(view.brightness, view.contrast), 0, plane.width);
  context.putImageData(image, 0, 0);
  line.ends.forEach(([x, y], number) => {
    line.handles[number].style.left = `${100 * x}%`;
    line.handles[number].style.top = `${100 * y}%`;
    line.overlay.firstChild.setAttribute(`x${number + 1}`, 100 * x);
    line.overlay.firstChild.setAttribute(`y${number + 1}`, 100 * y);
  });
}

/** The level between pixels, linear; positions beyond the outer centres count as those. */
function between(gray, plane, x, y) {
  const column = clamp(Math.floor(x), 0, Math.max(0, plane.width - 2));
  const row = clamp(Math.floor(y), 0, Math.max(0, plane.height - 2));
  const [u, v] = [clamp(x - column, 0, 1), clamp(y - row, 0, 1)];
  const at = (i, j) => gray[Math.min(row + j, plane.height - 1) * plane.width + Math.min(column + i, plane.width - 1)];
  return (at(0, 0) * (1 - u) + at(1, 0) * u) * (1 - v) + (at(0, 1) * (1 - u) + at(1, 1) * u) * v;
}
