// The app as a page: all that it needs stands in the page itself, or lies beside it on the server that sent it.

import {openEngine} from "./engine.js";
import {makeView} from "./view.js";

// Python's alphabet of base 85, without the three letters that mean something in HTML.
const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%:()*+-;,=.?@^_`{|}~";

/** The bytes of a text in base 85: five letters for four bytes. */
export function fromBase85(text) {
  const values = new Uint8Array(128);
  for (let place = 0; place < LETTERS.length; place++) values[LETTERS.charCodeAt(place)] = place;
  const missing = (5 - (text.length % 5)) % 5, padded = text + "~".repeat(missing);
  const bytes = new Uint8Array((padded.length / 5) * 4), view = new DataView(bytes.buffer);
  for (let from = 0, to = 0; from < padded.length; from += 5, to += 4) {
    let number = 0;
    for (let n = 0; n < 5; n++) number = number * 85 + values[padded.charCodeAt(from + n)];
    view.setUint32(to, number);
  }
  return bytes.subarray(0, bytes.length - missing);
}

/** What the page carries: every <script data-name>, a text in base 85. */
function carried() {
  const parts = Array.from(document.querySelectorAll("script[data-name]"));
  const file = async (name) => fromBase85(parts.find((part) => part.dataset.name === name).textContent.trim());
  return {names: parts.map((part) => part.dataset.name), file};
}

/** What the server has beside the page. */
function served(names) {
  const file = async (name) => {
    const answer = await fetch(`./${name}`);
    if (!answer.ok) throw new Error(`the server has stopped, or sends no ${name}`);
    return new Uint8Array(await answer.arrayBuffer());
  };
  return {names, file};
}

export async function start(root) {
  const {card, files} = JSON.parse(document.getElementById("card").textContent);
  const source = files ? served(files) : carried();
  const engine = source.file("model.tflite").then((model) => openEngine(source, model));
  makeView(root, card, engine);
}

const root = document.getElementById("app");
if (root) start(root);
