// LiteRT.js, from bytes that are at hand: no address is asked for anything.

/** The bytes of a gzip file. */
async function unpacked(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

const asScript = (code) => URL.createObjectURL(new Blob([code], {type: "text/javascript"}));

/** Loads the runtime. source: {names, file(name)}, which gives the gzip files that `labs app setup` brought. */
async function loadRuntime(source, log) {
  const bytes = async (name) => unpacked(await source.file(`${name}.gz`));
  const code = async (name) => new TextDecoder().decode(await bytes(name));
  const changed = {
    '"@litertjs/wasm-utils"': JSON.stringify(asScript(await code("wasm-utils.js"))), // a name needs a map of the page's
    "Environment.create()": "Environment.create({webGpuDevice: null})", // else it wakes a GPU that nothing runs on
  };
  const text = Object.entries(changed).reduce((all, pair) => all.replace(...pair), await code("core.js"));
  const core = await import(asScript(text));
  const quick = source.names.includes("relaxed.wasm.gz") && (await core.supportsFeature("relaxedSimd"));
  const variant = quick ? "relaxed" : "compat";
  // LiteRT.js hands self.Module to its WebAssembly loader, and clears it: so the bytes need no address. It expects one
  // for the loader itself, which ends in .js.
  self.Module = {wasmBinary: await bytes(`${variant}.wasm`), print: log, printErr: log};
  await core.loadLiteRt(`${asScript(await code(`${variant}.js`))}#.js`);
  return {core, variant};
}

const LOADED = Symbol.for("labs.litert"); // one runtime a page, however many widgets there are
const KEPT = 100; // lines of the runtime's log, shown if a model does not load

/** Opens a model: {run(input) -> {output, milliseconds}, variant}. Rejects with an Error whose message is a sentence. */
export async function openEngine(source, model) {
  const lines = [];
  const log = (line) => lines.push(line) > KEPT && lines.shift();
  globalThis[LOADED] ??= loadRuntime(source, log);
  const {core, variant} = await globalThis[LOADED].catch((error) => {
    delete globalThis[LOADED];
    throw new Error(`The runtime does not start in this browser (${error.message ?? error}): try a newer one.`);
  });
  const compiled = await core.loadAndCompile(model, {accelerator: "wasm"}).catch((error) => {
    throw new Error(`The model does not load here (${lines.at(-1) ?? error.message ?? error}): build the app anew.`);
  });
  const {shape, dtype} = compiled.getInputDetails()[0];

  async function once(input) {
    const given = new core.Tensor(input, Array.from(shape));
    const found = await compiled.run([given]);
    const output = await found[0].data();
    for (const tensor of [given, ...found]) tensor.delete();
    return output;
  }

  /** Runs the model until the browser's coarse clock can tell its time. milliseconds: of one run. */
  async function timed(input, patience = 4) {
    const start = performance.now();
    const output = await once(input);
    let runs = 1, passed = performance.now() - start;
    for (; passed < patience && runs < 50; runs++, passed = performance.now() - start) await once(input);
    return {output, milliseconds: passed / runs};
  }

  await once(new (dtype === "uint8" ? Uint8Array : Float32Array)(shape.reduce((a, b) => a * b))); // the first is slow
  let last = Promise.resolve(); // one run at a time
  return {variant, run: (input) => (last = last.catch(() => {}).then(() => timed(input)))};
}
