// A picture becomes the model's input, as the card says. labutils/device/prepare.py does the same in Python.

const INK = 0.1; // from here on a pixel counts as ink, of 1

/** How much of each cell every source pixel covers: `cells` rows of `size` numbers, a row adds up to 1 or less. */
export function coverage(cells, start, step, size) {
  return Array.from({length: cells}, (_, cell) => {
    const row = new Float64Array(size);
    const from = start + cell * step, to = from + step;
    for (let pixel = Math.max(0, Math.floor(from)); pixel < Math.min(size, Math.ceil(to)); pixel++) {
      row[pixel] = (Math.min(to, pixel + 1) - Math.max(from, pixel)) / step;
    }
    return row;
  });
}

/** Where the new pixels of a bilinear enlargement lie among the old: half-pixel centres, edges held. */
export function interpolation(cells, size) {
  return Array.from({length: cells}, (_, cell) => {
    const place = Math.min(size - 1, Math.max(0, ((cell + 0.5) * size) / cells - 0.5));
    return Float64Array.from({length: size}, (_, pixel) => Math.max(0, 1 - Math.abs(place - pixel)));
  });
}

/** rows x values x columns': values is a picture of `width`, the result one of rows.length x columns.length. */
export function resampled(values, width, rows, columns) {
  const height = values.length / width;
  const between = new Float64Array(height * columns.length);
  for (let y = 0; y < height; y++) {
    columns.forEach((weights, x) => {
      let sum = 0;
      for (let pixel = 0; pixel < width; pixel++) sum += weights[pixel] * values[y * width + pixel];
      between[y * columns.length + x] = sum;
    });
  }
  const result = new Float64Array(rows.length * columns.length);
  rows.forEach((weights, y) => {
    for (let pixel = 0; pixel < height; pixel++) {
      if (weights[pixel] === 0) continue;
      for (let x = 0; x < columns.length; x++) {
        result[y * columns.length + x] += weights[pixel] * between[pixel * columns.length + x];
      }
    }
  });
  return result;
}

/** The smallest box around the ink: {left, top, width, height}, or null where there is none. */
export function inkBox(values, width) {
  let left = width, right = -1, top = -1, bottom = -1;
  values.forEach((value, place) => {
    if (value <= INK) return;
    const x = place % width, y = Math.floor(place / width);
    if (top < 0) top = y;
    bottom = y;
    left = Math.min(left, x);
    right = Math.max(right, x);
  });
  return bottom < 0 ? null : {left, top, width: right - left + 1, height: bottom - top + 1};
}

/** A drawing, ink 1 on black 0, cut out, centred and averaged: grain x grain numbers, or null for an empty one. */
export function drawn(values, width, grain) {
  const box = inkBox(values, width);
  if (!box) return null;
  const cut = new Float64Array(box.width * box.height);
  for (let y = 0; y < box.height; y++) {
    const start = (box.top + y) * width + box.left;
    cut.set(values.subarray(start, start + box.width), y * box.width);
  }
  const step = Math.max(box.width, box.height) / grain;
  const across = (size) => coverage(grain, (size - grain * step) / 2, step, size);
  return resampled(cut, box.width, across(box.height), across(box.width));
}

/** One channel of a photograph: its middle square, averaged to side x side. */
export function middle(values, width, side) {
  const height = values.length / width, square = Math.min(width, height);
  const along = (size) => coverage(side, (size - square) / 2, square / side, size);
  return resampled(values, width, along(height), along(width));
}

/** Numbers from 0 to 1 as the model stores them: a typed array of the input's shape. */
export function stored(channels, card) {
  const {dtype, scale, zero_point: zero} = card.input, {low, high} = card.picture;
  const count = channels.length;
  const result = new (dtype === "uint8" ? Uint8Array : Float32Array)(channels[0].length * count);
  channels.forEach((values, channel) =>
    values.forEach((value, place) => {
      const real = low + value * (high - low);
      const number = scale ? Math.min(255, Math.max(0, Math.floor(real / scale + zero + 0.5))) : real;
      result[place * count + channel] = number;
    }),
  );
  return result;
}

/** Brightness from 0 to 1 of RGBA bytes. */
export function grey(rgba) {
  const light = (place) => 0.299 * rgba[place] + 0.587 * rgba[place + 1] + 0.114 * rgba[place + 2];
  return Float64Array.from({length: rgba.length / 4}, (_, pixel) => light(4 * pixel) / 255);
}

/** A picture of something written, as ink on black: dark on light is turned round, and the background taken off. */
export function asInk(values, width) {
  const edge = values.filter((_, place) => place % width === 0 || place % width === width - 1).sort();
  const paper = edge[Math.floor(edge.length / 2)];
  const ink = values.map((value) => (paper > 0.5 ? paper - value : value - paper));
  const most = ink.reduce((a, b) => Math.max(a, b), 0);
  return ink.map((value) => (most > INK ? Math.min(1, Math.max(0, value / most)) : 0));
}

/** The model's input for a picture, or null where nothing is drawn. pixels: {data (RGBA), width, height}. */
export function prepare(pixels, card) {
  const [, side, , channels] = card.input.shape;
  const {kind, grain} = card.picture;
  if (kind === "drawing") {
    let cells = drawn(grey(pixels.data), pixels.width, grain);
    if (!cells) return null;
    if (grain < side) cells = resampled(cells, grain, interpolation(side, grain), interpolation(side, grain));
    return stored(Array(channels).fill(cells), card);
  }
  const plane = (offset) => Float64Array.from({length: pixels.data.length / 4}, (_, n) => pixels.data[4 * n + offset] / 255);
  const planes = channels === 1 ? [grey(pixels.data)] : [0, 1, 2].map(plane);
  return stored(planes.map((values) => middle(values, pixels.width, side)), card);
}

/** What the model stores, as real numbers. */
export function real(numbers, end) {
  return Array.from(numbers, (number) => (end.scale ? (number - end.zero_point) * end.scale : number));
}

/** Probabilities as they are; other scores by softmax, so that bars can show them. */
export function probabilities(scores) {
  const sum = scores.reduce((a, b) => a + b, 0);
  if (Math.min(...scores) >= 0 && Math.abs(sum - 1) < 0.1) return scores;
  const most = Math.max(...scores), powers = scores.map((score) => Math.exp(score - most));
  const all = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / all);
}
