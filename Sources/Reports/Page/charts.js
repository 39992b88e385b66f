// Plots as SVG: lines and boxes.

const space = 'http://www.w3.org/2000/svg';
const dashes = ['', '7 3', '2 3', '9 3 2 3', '4 4'];

function shape(name, attributes = {}, ...children) {
  const node = document.createElementNS(space, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

/** Round values from low to high. */
function ticks(low, high, count = 5) {
  const rough = (high - low) / count || 1;
  const power = Math.pow(10, Math.floor(Math.log10(rough)));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= rough) * power;
  const values = [];
  for (let value = Math.ceil(low / step) * step; value <= high + step * 1e-9; value += step) {
    values.push(Math.abs(value) < step * 1e-9 ? 0 : value);
  }
  return values;
}

const colour = (index) => `var(--c${index % 6})`;
/** Every layer has the same colour and dash everywhere. */
const layerStyle = (id) => {
  const index = {input: 0, cubic: 1, result: 2, truth: 3, 'result-2': 1, 'result-3': 4, 'result-4': 5}[id] ?? 0;
  return {colour: colour(index), dash: id === 'truth' || id === 'input' ? dashes[1] : ''};
};

/**
 * A plot of curves.
 *
 * `series` holds {id, name, points: [[x, y]]}; `isLogarithmic` concerns y; `marks` are x with a text.
 */
function lineChart({title, xLabel, yLabel, series, isLogarithmic = false, marks = []}) {
  const [width, height] = [420, 260];
  const frame = {left: 52, right: 12, top: 28, bottom: 40};
  const scaleY = isLogarithmic ? Math.log10 : (value) => value;
  const points = series.map((one) =>
    one.points.map(([x, y]) => [x, scaleY(y)]).filter(([, y]) => Number.isFinite(y)));
  const all = points.flat();
  const x = bounds(all.map((point) => point[0]));
  const y = padded(bounds(all.map((point) => point[1])));
  // What lies further below is rounding.
  if (isLogarithmic) y[0] = Math.max(y[0], y[1] - 8);
  const toX = (value) =>
    frame.left + (value - x[0]) / (x[1] - x[0]) * (width - frame.left - frame.right);
  const toY = (value) =>
    height - frame.bottom - (value - y[0]) / (y[1] - y[0]) * (height - frame.top - frame.bottom);
  const svg = shape('svg', {viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label':
    `${title}: ${series.map((one) => one.name).join(', ')} over ${xLabel}`});
  svg.append(shape('text', {x: frame.left, y: 14, class: 'title'}, title));
  const yTicks = isLogarithmic
    ? ticks(y[0], y[1], 4).filter((value) => Number.isInteger(value)) : ticks(y[0], y[1], 6);
  for (const value of yTicks) {
    svg.append(
      shape('line', {class: 'grid', x1: frame.left, x2: width - frame.right, y1: toY(value), y2: toY(value)}),
      shape('text', {x: frame.left - 6, y: toY(value) + 4, 'text-anchor': 'end'},
        isLogarithmic ? `1e${value}` : short(value)));
  }
  for (const value of ticks(x[0], x[1], 5)) {
    svg.append(shape('text', {x: toX(value), y: height - frame.bottom + 16, 'text-anchor': 'middle'}, short(value)));
  }
  svg.append(
    shape('text', {x: (width + frame.left) / 2, y: height - 6, 'text-anchor': 'middle'}, xLabel),
    shape('text', {x: 12, y: height / 2, 'text-anchor': 'middle', transform: `rotate(-90 12 ${height / 2})`}, yLabel));
  for (const mark of marks.filter((mark) => mark.x > x[0] && mark.x < x[1])) {
    svg.append(
      shape('line', {class: 'mark', x1: toX(mark.x), x2: toX(mark.x), y1: frame.top, y2: height - frame.bottom}),
      shape('text', {x: toX(mark.x) + 4, y: frame.top + 10}, mark.text));
  }
  points.forEach((line, index) => {
    const style = layerStyle(series[index].id);
    const path = line.filter(([, py]) => py >= y[0])
      .map(([px, py], at) => `${at ? 'L' : 'M'}${toX(px).toFixed(1)} ${toY(py).toFixed(1)}`);
    svg.append(shape('path', {class: 'curve', d: path.join(''), stroke: style.colour, 'stroke-dasharray': style.dash}));
  });
  return element('figure', {class: 'chart'}, svg, legend(series));
}

function legend(series) {
  const list = element('ul', {class: 'legend'});
  for (const one of series) {
    const style = layerStyle(one.id);
    const sample = shape('svg', {viewBox: '0 0 28 8', 'aria-hidden': 'true'},
      shape('line', {x1: 0, x2: 28, y1: 4, y2: 4, stroke: style.colour, 'stroke-width': 2.5, 'stroke-dasharray': style.dash}));
    list.append(element('li', {}, sample, one.name));
  }
  return list;
}

function bounds(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (!(low <= high)) return [0, 1];
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}

const padded = ([low, high]) => [low - 0.04 * (high - low), high + 0.04 * (high - low)];

/** Quartiles by linear interpolation. */
function quantile(sorted, share) {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  return sorted[below] + (place - below) * ((sorted[below + 1] ?? sorted[below]) - sorted[below]);
}

/** Box plots: median, quartiles, whiskers to the last value within 1.5 boxes, and every value. */
function boxChart({title, series}) {
  const row = 44;
  const [width, left, right] = [420, 14, 14];
  const height = 44 + row * series.length + 26;
  const [low, high] = padded(bounds(series.flatMap((one) => one.values)));
  const toX = (value) => left + (value - low) / (high - low) * (width - left - right);
  const svg = shape('svg', {viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': `Box plots of ${title}`});
  svg.append(shape('text', {x: left, y: 14, class: 'title'}, title));
  for (const value of ticks(low, high, 5)) {
    svg.append(
      shape('line', {class: 'grid', x1: toX(value), x2: toX(value), y1: 26, y2: height - 24}),
      shape('text', {x: toX(value), y: height - 8, 'text-anchor': 'middle'}, short(value, 4)));
  }
  series.forEach((one, index) => {
    const middle = 52 + row * index;
    const values = [...one.values].sort((a, b) => a - b);
    const [q1, median, q3] = [0.25, 0.5, 0.75].map((share) => quantile(values, share));
    const reach = 1.5 * (q3 - q1);
    const inside = values.filter((value) => value >= q1 - reach && value <= q3 + reach);
    const stroke = layerStyle(one.id).colour;
    svg.append(
      shape('text', {x: left, y: middle - 14}, `${one.name} (median ${short(median, 5)}, n = ${values.length})`),
      shape('line', {x1: toX(inside[0]), x2: toX(inside[inside.length - 1]), y1: middle, y2: middle, stroke, 'stroke-width': 1.5}),
      shape('rect', {x: toX(q1), y: middle - 8, width: Math.max(1, toX(q3) - toX(q1)), height: 16, fill: 'var(--card)', stroke, 'stroke-width': 1.5}),
      shape('line', {x1: toX(median), x2: toX(median), y1: middle - 8, y2: middle + 8, stroke, 'stroke-width': 3}));
    for (const value of values) svg.append(shape('circle', {cx: toX(value), cy: middle, r: 2.5, fill: stroke, opacity: 0.7}));
  });
  return element('figure', {class: 'chart'}, svg);
}
