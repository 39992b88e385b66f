'use strict';
// Slices: decoding, gray window, colours.

const report = JSON.parse(document.getElementById('data').textContent);
const byId = (id) => document.getElementById(id);

/** Makes an element with attributes and children; texts become text, never markup. */
function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

const keptSlices = 90;
const decodedSlices = new Map();

/** The gray levels (0 to 255) of a slice of a layer, `[row][column]`. */
function levels(plane, slice, layer) {
  const key = `${plane} ${slice} ${layer}`;
  let found = decodedSlices.get(key);
  if (!found) found = decode(report.planes[plane], report.planes[plane].slices[slice].images[layer]);
  decodedSlices.delete(key);
  decodedSlices.set(key, found);
  if (decodedSlices.size > keptSlices) decodedSlices.delete(decodedSlices.keys().next().value);
  return found;
}

async function decode(plane, text) {
  const image = new Image();
  image.src = 'data:image/png;base64,' + text;
  await image.decode();
  const context = scratch(plane.width, plane.height);
  context.drawImage(image, 0, 0);
  const pixels = context.getImageData(0, 0, plane.width, plane.height).data;
  const gray = new Uint8Array(plane.width * plane.height);
  for (let i = 0; i < gray.length; i++) gray[i] = pixels[4 * i];
  return gray;
}

function scratch(width, height) {
  const canvas = element('canvas', {width, height});
  return canvas.getContext('2d', {willReadFrequently: true});
}

/** Red, green, blue for every gray level under brightness and contrast of -1 to 1. */
function grayTable(brightness, contrast) {
  const slope = Math.pow(4, contrast);
  return table((level) => {
    const gray = 255 * ((level / 255 - 0.5) * slope + 0.5 + brightness / 2);
    return [gray, gray, gray];
  });
}

/** Blue for below the middle, black for it, orange for above. */
const signedTable = table((level) => signedColour((level - 128) / 127));

function signedColour(value) {
  const strength = Math.sqrt(Math.min(1, Math.abs(value)));
  return value < 0
    ? [40 * strength * strength, 150 * strength, 255 * strength]
    : [255 * strength, 170 * strength * strength, 40 * strength * strength];
}

function table(colour) {
  const colours = new Uint8ClampedArray(256 * 3);
  for (let level = 0; level < 256; level++) colours.set(colour(level), 3 * level);
  return colours;
}

/** Paints part of a slice: `[row][column]` levels through a table of colours. */
function paint(image, gray, colours, from, to) {
  const {width, height, data} = image;
  for (let row = 0; row < height; row++) {
    for (let column = from; column < to; column++) {
      const index = row * width + column;
      const colour = 3 * gray[index];
      data[4 * index] = colours[colour];
      data[4 * index + 1] = colours[colour + 1];
      data[4 * index + 2] = colours[colour + 2];
      data[4 * index + 3] = 255;
    }
  }
}

/** Paints the difference of two slices; `gain` 1 shows the whole window. */
function paintDifference(image, left, right, gain) {
  const colours = new Uint8ClampedArray(511 * 3);
  for (let step = -255; step <= 255; step++) {
    colours.set(signedColour(gain * step / 255), 3 * (step + 255));
  }
  for (let index = 0; index < left.length; index++) {
    const colour = 3 * (right[index] - left[index] + 255);
    image.data[4 * index] = colours[colour];
    image.data[4 * index + 1] = colours[colour + 1];
    image.data[4 * index + 2] = colours[colour + 2];
    image.data[4 * index + 3] = 255;
  }
}

/** Intensity units of a difference of gray levels. */
const unitsPerLevel = (report.window.high - report.window.low) / 255;
const intensity = (level) => report.window.low + level * unitsPerLevel;

/** A number with a few digits. */
function short(value, digits = 3) {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e6 || size < 1e-4)) return value.toExponential(digits - 1);
  return String(Number(value.toPrecision(Math.max(digits, size >= 1 ? Math.floor(Math.log10(size)) + 1 : 1))));
}
