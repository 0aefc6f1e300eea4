// The app in a notebook's cell: the kernel sends the files, and hears of every answer.

import {openEngine} from "./engine.js";
import {makeView} from "./view.js";

/** Files that the kernel sends when they are asked for. */
function fromKernel(model, names) {
  const waiting = new Map();
  const hear = (message, buffers) => {
    if (message.file === undefined) return;
    const view = buffers[0];
    waiting.get(message.file)?.(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
    waiting.delete(message.file);
  };
  const file = (name) =>
    new Promise((resolve) => {
      waiting.set(name, resolve);
      model.send({want: name});
    });
  return {names, file, hear};
}

function render({model, el}) {
  const card = JSON.parse(model.get("card"));
  const source = fromKernel(model, model.get("files"));
  const problem = model.get("problem"); // the kernel has no runtime to send
  const engine = problem
    ? Promise.reject(new Error(problem))
    : source.file("model.tflite").then((bytes) => openEngine(source, bytes));
  const root = document.createElement("div");
  el.append(root);
  const view = makeView(root, card, engine);
  const queue = []; // inputs of the kernel's, in turn: each of them wants its answer

  async function answerAll() {
    const {run, variant} = await engine;
    while (queue.length) {
      const {number, input} = queue.shift();
      const {output, milliseconds} = await run(input);
      model.send({number, milliseconds, variant}, undefined, [input.slice().buffer, output.slice().buffer]);
    }
  }

  const hear = (message, buffers) => {
    source.hear(message, buffers);
    if (message.compare !== undefined) view.compare(message.compare);
    if (message.classify === undefined) return;
    const {buffer, byteOffset, byteLength} = buffers[0];
    const bytes = buffer.slice(byteOffset, byteOffset + byteLength);
    const input = card.input.dtype === "uint8" ? new Uint8Array(bytes) : new Float32Array(bytes);
    queue.push({number: message.classify, input});
    if (queue.length === 1) answerAll().catch((error) => view.tell(error.message));
  };
  model.on("msg:custom", hear);
  model.send({listens: true}); // what the kernel had sent before would be lost
  root.addEventListener("answer", ({detail: {input, output, milliseconds, variant}}) => {
    model.send({milliseconds, variant}, undefined, [input.slice().buffer, output.slice().buffer]);
  });
  return () => {
    model.off("msg:custom", hear);
    view.stop();
  };
}

export default {render};
