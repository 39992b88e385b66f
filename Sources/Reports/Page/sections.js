// Texts, tables and plots below the images.

const layerName = (id) => report.layers.find((layer) => layer.id === id)?.name ?? id;

function makeHeader() {
  byId('title').textContent = report.title;
  byId('summary').textContent = report.summary;
  byId('version').textContent = report.version;
  for (const {value, label} of report.figures) {
    byId('figures').append(element('li', {}, element('b', {}, value), element('span', {}, label)));
  }
  for (const warning of report.warnings) {
    byId('warnings').append(element('p', {class: 'notice'}, warning));
  }
}

/** A table with numbers to the right; a caption where there is one. */
function makeTable({caption, header, rows}) {
  const body = element('tbody');
  for (const row of rows) {
    body.append(element('tr', {}, ...row.map((cell) =>
      element('td', /^[-−]?[\d.]+(e[-+]?\d+)?$/.test(cell) ? {class: 'number'} : {}, cell))));
  }
  const head = element('thead', {}, element('tr', {}, ...header.map((cell) => element('th', {scope: 'col'}, cell))));
  const table = element('table', {}, head, body);
  const block = element('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption}, table);
  return element('div', {}, element('h3', {}, caption), block);
}

/** A table of names and values. */
function makeFacts({title, rows}) {
  const body = element('tbody');
  for (const [name, value] of rows) {
    body.append(element('tr', {}, element('th', {scope: 'row'}, name), element('td', {}, value)));
  }
  return element('div', {}, element('h3', {}, title), element('table', {}, body));
}

function makeScores() {
  byId('scores').hidden = report.tables.length === 0 && report.boxes.length === 0;
  byId('score-tables').append(...report.tables.map(makeTable));
  byId('boxes').append(...report.boxes.map(boxChart));
}

function makeConsistency() {
  const agreement = report.consistency;
  if (!agreement) return;
  byId('consistency').hidden = false;
  byId('consistency-content').append(
    ...agreement.texts.map((text) => element('p', {}, text)), makeFacts({title: '', rows: agreement.rows}));
}

function makePlots() {
  byId('spectra').hidden = report.spectra.length === 0;
  byId('spectra-charts').append(...report.spectra.map(({axis, limit, series}) => lineChart({
    title: `Axis ${axis}`, xLabel: 'cycles per mm', yLabel: 'power', isLogarithmic: true,
    marks: limit ? [{x: limit, text: 'input’s limit'}] : [],
    series: series.map(({layer, step, power}) => ({
      id: layer, name: layerName(layer), points: power.map((value, index) => [index * step, value]).slice(1),
    })),
  })));
  byId('histogram-chart').append(lineChart({
    title: 'Voxels per intensity', xLabel: 'intensity', yLabel: 'share of the voxels', isLogarithmic: true,
    series: report.histogram.series.map(({layer, shares}) => ({
      id: layer, name: layerName(layer),
      points: shares.map((share, bin) => [
        report.window.low + (bin + 0.5) / shares.length * (report.window.high - report.window.low), share,
      ]).filter(([, share]) => share > 0),
    })),
  }));
  byId('seams-text').textContent = report.seamText;
  byId('seams-charts').append(...report.seams.map(({axis, series}) => lineChart({
    title: `Axis ${axis}`, xLabel: 'border behind plane', yLabel: 'step, relative',
    series: series.map(({layer, values}) => ({
      id: layer, name: layerName(layer), points: values.map((value, index) => [index + 1, value ?? NaN]),
    })),
  })));
}

makeHeader();
makeViewer();
makeProfile();
makeScores();
makeConsistency();
makePlots();
byId('fact-tables').append(...report.facts.map(makeFacts));
byId('cite').hidden = report.citations.length === 0;
byId('citations').append(...report.citations.map((text) => element('pre', {}, text)));
redraw();
