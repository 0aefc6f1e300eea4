// A canvas to draw on: by mouse, finger or pen, and by the keyboard.

const PEN = 1 / 11; // of the canvas's side: about as broad as a pen's stroke on the digits that the course trains with
const STEP = 1 / 16; // how far an arrow key moves the pen

/** Makes a canvas of `side` pixels drawable. changed: called after every stroke. Gives {clear}. */
export function makeDrawable(canvas, cursor, side, changed) {
  canvas.width = canvas.height = side;
  const ink = canvas.getContext("2d", {willReadFrequently: true});
  const pen = {x: side / 2, y: side / 2, down: false};
  let pointer = null; // whose stroke it is

  function clear() {
    ink.fillStyle = "#000";
    ink.fillRect(0, 0, side, side);
    changed();
  }

  function stroke(x, y) {
    Object.assign(ink, {strokeStyle: "#fff", lineWidth: side * PEN, lineCap: "round", lineJoin: "round"});
    ink.beginPath();
    ink.moveTo(pen.x, pen.y);
    ink.lineTo(x + 0.01, y); // a line of no length would not be drawn, not even its round ends
    ink.stroke();
  }

  function move(x, y) {
    Object.assign(pen, {x, y});
    cursor.style.left = `${(100 * x) / side}%`;
    cursor.style.top = `${(100 * y) / side}%`;
  }

  function follow(event) {
    const place = canvas.getBoundingClientRect();
    return [((event.clientX - place.left) * side) / place.width, ((event.clientY - place.top) * side) / place.height];
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (pointer !== null || event.button !== 0) return;
    pointer = event.pointerId;
    canvas.setPointerCapture(pointer);
    move(...follow(event));
    stroke(pen.x, pen.y);
    changed();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pointer) return;
    for (const each of event.getCoalescedEvents?.() ?? []) {
      const place = follow(each);
      stroke(...place);
      move(...place);
    }
    const place = follow(event);
    stroke(...place);
    move(...place);
    changed();
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, (event) => event.pointerId === pointer && (pointer = null));
  }

  const ARROWS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};
  canvas.addEventListener("keydown", (event) => {
    const arrow = ARROWS[event.key];
    if (arrow) {
      const [x, y] = [pen.x + arrow[0] * side * STEP, pen.y + arrow[1] * side * STEP];
      const inside = [x, y].map((value) => Math.min(side * (1 - PEN / 2), Math.max((side * PEN) / 2, value)));
      if (pen.down) stroke(...inside);
      move(...inside);
      if (pen.down) changed();
    } else if (event.key === " ") {
      pen.down = !pen.down;
      if (pen.down) stroke(pen.x, pen.y);
      if (pen.down) changed();
    } else if (event.key === "Delete" || event.key === "Backspace") {
      pen.down = false;
      clear();
    } else {
      return;
    }
    cursor.dataset.down = pen.down;
    event.preventDefault();
    event.stopPropagation(); // JupyterLab has shortcuts of its own for these keys
  });

  move(pen.x, pen.y);
  return {clear};
}
