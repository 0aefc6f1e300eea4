// What one sees: a place to draw, the answer as bars, how long it took. Knows nothing of where the model runs.

import {makeDrawable} from "./drawing.js";
import {canStream, openCamera, pixels, pixelsOf} from "./pictures.js";
import {asInk, grey, prepare, probabilities, real} from "./prepare.js";

const SIDE = 280; // pixels of the canvas
const SHOWN = 12; // classes, in their order; of more, the most probable
const KEYS = "Arrow keys move the pen, space puts it down or lifts it, Delete clears.";

/** An element with attributes and children. A child is an element or a text. */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const percent = (share) => `${(100 * share).toFixed(share > 0.9995 || share < 0.0005 ? 0 : 1)} %`;
const middleOf = (times) => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)];
const shown = (milliseconds) => `${milliseconds.toPrecision(2)} ms`;

function facts(card) {
  const size = card.bytes < 1e6 ? `${Math.round(card.bytes / 1e3)} kB` : `${(card.bytes / 1e6).toFixed(1)} MB`;
  const shape = card.input.shape.slice(1).join(" × ");
  return `${size} · takes ${card.input.dtype}, ${shape} · gives ${card.output.dtype}, ${card.labels.length} classes`;
}

/** Black and white as the model gets them, so that one sees what it sees. */
function drawInput(canvas, input, card) {
  const [, side, , channels] = card.input.shape, {low, high} = card.picture;
  const values = real(input, card.input).map((value) => (255 * (value - low)) / (high - low));
  const picture = new ImageData(side, side);
  for (let place = 0; place < side * side; place++) {
    const pixel = Array.from({length: 3}, (_, n) => values[place * channels + (channels === 3 ? n : 0)]);
    picture.data.set([...pixel, 255], 4 * place);
  }
  canvas.width = canvas.height = side;
  canvas.getContext("2d").putImageData(picture, 0, 0);
}

/** One row a class: its name, a bar, and the number. Gives a function that shows other numbers. */
function makeBars(list, labels) {
  const rows = Array.from({length: Math.min(SHOWN, labels.length)}, () => {
    const row = element("li", {}, element("span", {class: "label"}), element("span", {class: "bar"}, element("i")));
    row.append(element("span", {class: "number"}));
    list.append(row);
    return row;
  });
  return (shares) => {
    const order = labels.map((_, place) => place);
    const most = shares ? shares.indexOf(Math.max(...shares)) : -1;
    if (shares && labels.length > SHOWN) order.sort((a, b) => shares[b] - shares[a]);
    rows.forEach((row, n) => {
      const [name, bar, number] = row.children, place = order[n];
      name.textContent = labels[place];
      bar.firstChild.style.width = percent(shares?.[place] ?? 0).replace(" ", "");
      number.textContent = shares ? percent(shares[place]) : "";
      row.className = place === most ? "most" : "";
    });
  };
}

/** Builds the app in `root`. engine: a promise of {run, variant}. Gives {classify(input)} for inputs that are ready, tell(sentence) for what went
wrong, compare(sentence) for what another runtime said, and stop(), which lets go of the camera.

After each answer `root` sends an event "answer", detail {input, output, milliseconds, variant}. */
export function makeView(root, card, engine) {
  const drawing = card.picture.kind === "drawing";
  const canvas = element("canvas", {
    tabindex: "0", role: "application", class: "paper",
    "aria-label": drawing ? `Draw here. ${KEYS}` : "The picture that is classified",
  });
  const cursor = element("span", {class: "pen", "aria-hidden": "true"});
  const video = element("video", {class: "paper", playsinline: "", muted: "", "aria-label": "What the camera sees"});
  const clear = element("button", {type: "button"}, "Clear");
  const choose = element("button", {type: "button"}, "Picture …");
  const camera = element("button", {type: "button"}, "Camera");
  const file = element("input", {type: "file", accept: "image/*", "aria-label": "A picture", tabindex: "-1"});
  const photo = element("input", {
    type: "file", accept: "image/*", capture: "environment", "aria-label": "A photograph", tabindex: "-1",
  });
  const seen = element("canvas", {class: "seen", role: "img", "aria-label": "What the model sees"});
  const answer = element("output", {class: "answer", "aria-live": "polite"}, "Loading the model …");
  const list = element("ol", {class: "bars", "aria-label": "Probability of each class"});
  const time = element("p", {class: "time"}, "\u00a0");
  const problem = element("p", {class: "problem", role: "alert"});
  file.hidden = photo.hidden = video.hidden = true;
  clear.hidden = !drawing;

  const invitation = drawing ? "Draw something" : "Choose a picture";
  const paper = element("div", {class: "sheet"}, canvas, cursor, video);
  const buttons = element("div", {class: "buttons"}, clear, choose, camera, file, photo);
  const hint = element("p", {class: drawing ? "hint keys" : "hint"}, drawing ? KEYS : "Its middle square is used.");
  const left = element("div", {class: "left"}, paper, buttons, hint);
  const caption = element("figcaption", {}, "What the model sees");
  const parity = element("p", {class: "parity", "aria-live": "polite"});
  const right = element("div", {class: "right"}, answer, list, time, element("figure", {}, seen, caption), parity);
  root.classList.add("labs-app");
  root.append(
    element("header", {}, element("h1", {}, card.name), element("p", {}, facts(card))), problem,
    element("div", {class: "columns"}, left, right),
    element("footer", {}, "The model runs in this browser. Nothing leaves this device."),
  );

  const showBars = makeBars(list, card.labels);
  const times = [];
  let opened = null, waiting = null, busy = false;

  /** Only the newest input counts: whoever draws quickly need not see every step between. */
  async function classify(input) {
    waiting = input;
    if (busy || !opened) return;
    busy = true;
    try {
      while (waiting) {
        const now = waiting;
        waiting = null;
        show(now, await opened.run(now));
      }
    } catch (error) {
      tell(`The model failed on this picture (${error.message ?? error}): load the page again.`);
    } finally {
      busy = false;
    }
  }

  function show(input, {output, milliseconds}) {
    const shares = probabilities(real(output, card.output));
    const most = shares.indexOf(Math.max(...shares));
    times.push(milliseconds);
    if (times.length > 101) times.shift();
    answer.textContent = `${card.labels[most]}, with ${percent(shares[most])}`;
    showBars(shares);
    time.textContent = `${shown(milliseconds)} now · ${shown(middleOf(times))} median of ${times.length}`;
    drawInput(seen, input, card);
    const detail = {input, output, milliseconds, variant: opened.variant};
    root.dispatchEvent(new CustomEvent("answer", {detail}));
  }

  function tell(sentence) {
    problem.textContent = sentence;
  }

  function empty() {
    waiting = null;
    answer.textContent = opened ? invitation : answer.textContent;
    showBars(null);
    parity.textContent = "";
    seen.width = seen.height = 1;
  }

  const read = () => canvas.getContext("2d", {willReadFrequently: true}).getImageData(0, 0, canvas.width, canvas.height);
  const look = () => {
    const input = prepare(read(), card);
    if (input) classify(input);
    else empty();
  };
  const pad = makeDrawable(canvas, cursor, SIDE, drawing ? look : () => {});
  if (!drawing) {
    canvas.removeAttribute("tabindex");
    canvas.setAttribute("role", "img");
    cursor.hidden = true;
  }

  /** A picture from elsewhere: shown on the paper, then classified from its own pixels. */
  function use(picture) {
    tell("");
    if (drawing) {
      asInk(grey(picture.data), picture.width).forEach((value, place) => {
        picture.data.set([255 * value, 255 * value, 255 * value, 255], 4 * place);
      });
    }
    const sheet = canvas.getContext("2d"), share = SIDE / Math.max(picture.width, picture.height);
    const [width, height] = [picture.width * share, picture.height * share];
    const whole = element("canvas", {width: picture.width, height: picture.height});
    whole.getContext("2d").putImageData(picture, 0, 0);
    sheet.fillStyle = "#000";
    sheet.fillRect(0, 0, SIDE, SIDE);
    sheet.imageSmoothingEnabled = share < 1;
    sheet.drawImage(whole, (SIDE - width) / 2, (SIDE - height) / 2, width, height);
    const input = prepare(picture, card);
    if (input) classify(input);
    else empty();
  }

  clear.addEventListener("click", () => pad.clear());
  choose.addEventListener("click", () => file.click());
  for (const input of [file, photo]) {
    input.addEventListener("change", async () => {
      if (!input.files.length) return;
      await pixelsOf(input.files[0]).then(use, (error) => tell(error.message));
      input.value = ""; // so that the same file can be chosen again
    });
  }

  let filming = null;
  function stopFilming() {
    filming?.stop();
    filming = null;
    video.hidden = true;
    camera.textContent = "Camera";
  }
  camera.addEventListener("click", async () => {
    if (!canStream()) return photo.click();
    try {
      if (filming) {
        use(filming.take());
        stopFilming();
      } else {
        filming = await openCamera(video);
        video.hidden = false;
        camera.textContent = "Take the picture";
      }
    } catch (error) {
      stopFilming();
      tell(error.message);
    }
  });

  engine.then(
    (found) => {
      opened = found;
      root.dataset.ready = found.variant;
      if (waiting) classify(waiting);
      else answer.textContent = invitation;
    },
    (error) => {
      answer.textContent = "The model cannot run here.";
      tell(error.message ?? String(error));
    },
  );
  pad.clear();
  return {classify, tell, stop: stopFilming, compare: (sentence) => (parity.textContent = sentence)};
}
