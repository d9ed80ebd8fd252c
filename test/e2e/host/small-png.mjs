// Makes a screenshot small: at most 256 colours, and packed as tightly as zlib can. Reads what Chromium writes (8 bits, RGB or
// RGBA, not interlaced), and nothing else. https://www.w3.org/TR/png-3/
import { crc32, deflateSync, inflateSync } from "node:zlib";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const MOST_COLOURS = 256;
const MOST_FREQUENT = 64;

/** The same picture as a palette image. */
export function smallPng(png) {
  const { width, height, pixels } = decode(png);
  const { palette, indices } = quantise(pixels);
  const rows = Buffer.alloc((width + 1) * height); // each row begins with its filter: 0, none
  for (let y = 0; y < height; y += 1)
    rows.set(indices.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8); // 8 bits, palette
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("PLTE", Buffer.from(palette.flat())),
    chunk("IDAT", deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** Width, height, and each pixel as one number 0xRRGGBB. */
function decode(png) {
  const parts = [];
  let header;
  for (let at = SIGNATURE.length; at < png.length; at += png.readUInt32BE(at) + 12) {
    const type = png.toString("latin1", at + 4, at + 8);
    const data = png.subarray(at + 8, at + 8 + png.readUInt32BE(at));
    if (type === "IHDR") header = data;
    if (type === "IDAT") parts.push(data);
  }
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const channels = { 2: 3, 6: 4 }[header[9]];
  if (header[8] !== 8 || channels === undefined || header[12] !== 0) throw new Error("no screenshot");
  const bytes = unfilter(inflateSync(Buffer.concat(parts)), width * channels, channels);
  const pixels = new Uint32Array(width * height);
  for (let index = 0; index < pixels.length; index += 1)
    pixels[index] = bytes.readUIntBE(index * channels, 3);
  return { width, height, pixels };
}

/** https://www.w3.org/TR/png-3/#9Filters */
function unfilter(raw, length, step) {
  const out = Buffer.alloc((raw.length / (length + 1)) * length);
  for (let row = 0; row * (length + 1) < raw.length; row += 1) {
    const filter = raw[row * (length + 1)];
    for (let x = 0; x < length; x += 1) {
      const at = row * length + x;
      const left = x < step ? 0 : out[at - step];
      const up = row === 0 ? 0 : out[at - length];
      const corner = x < step || row === 0 ? 0 : out[at - length - step];
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter];
      out[at] = raw[row * (length + 1) + 1 + x] + guess;
    }
  }
  return out;
}

function paeth(left, up, corner) {
  const guess = left + up - corner;
  const [a, b, c] = [left, up, corner].map((each) => Math.abs(guess - each));
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

/** Each pixel as the nearest colour of a palette. */
function quantise(pixels) {
  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const palette = paletteOf(counts);
  const nearest = new Map([...counts.keys()].map((pixel) => [pixel, nearestIn(palette, pixel)]));
  return { palette, indices: Uint8Array.from(pixels, (pixel) => nearest.get(pixel)) };
}

/** The most frequent colours; then, one by one, those that these come least near to, so that a small icon keeps its own. */
function paletteOf(counts) {
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  const palette = sorted.slice(0, MOST_FREQUENT).map(([pixel]) => partsOf(pixel));
  const rest = sorted.slice(MOST_FREQUENT).map(([pixel, count]) => {
    const parts = partsOf(pixel);
    return { parts, count, distance: Math.min(...palette.map((each) => distanceOf(each, parts))) };
  });
  while (palette.length < MOST_COLOURS && rest.length > 0) {
    const worst = rest.reduce((a, b) => (b.distance * b.count > a.distance * a.count ? b : a));
    palette.push(worst.parts);
    for (const each of rest) each.distance = Math.min(each.distance, distanceOf(each.parts, worst.parts));
  }
  return palette;
}

const partsOf = (pixel) => [pixel >> 16, (pixel >> 8) & 255, pixel & 255];

const distanceOf = (a, b) => (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2;

function nearestIn(palette, pixel) {
  const parts = partsOf(pixel);
  let best = 0;
  let least = Infinity;
  palette.forEach((colour, index) => {
    const distance = distanceOf(colour, parts);
    if (distance < least) [best, least] = [index, distance];
  });
  return best;
}
