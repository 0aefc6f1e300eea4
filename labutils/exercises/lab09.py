"""The exercises of lab 09: time rivals in turns, judge two times, count a file's work, bound it, divide it up."""

from labutils.exercises.exercise import Exercise
from labutils.exercises.judges import counting, handing_over, quicker, roofline, turns

_CALLS = "`warmup` and `runs` say how often: `range(runs)`."
_PLACES = "An operator names its tensors by their places: `graph.tensors[operator.outputs[0]]`."
_DIFFER = "Shapes and inputs differ in number: go by the operator's name, and take an input by its place, `inputs[1]`."

TAKE_TURNS = Exercise(
    name="09.take_turns",
    prompt="""\
**Exercise 1 · In turns.** Write `take_turns(rivals, clock, warmup, runs)`: `rivals` is a dictionary from a name to a
function without arguments, such as an `invoke`, and `clock` returns the time in seconds. First each rival runs `warmup`
times, which do not count. Then come `runs` rounds, in each of which every rival runs once, in the order of the
dictionary, with a reading of `clock()` right before it and another right after it. Return a dictionary from each name
to the list of its times that count, in milliseconds, as they were measured.""",
    stub="""\
def take_turns(rivals, clock, warmup, runs):
    ...""",
    hints=(
        "Two blocks, one after the other: the warm-up, and the rounds. A round is a loop over all rivals.",
        "Begin with an empty list for each name, `{name: [] for name in rivals}`, and append to `times[name]`.",
        "`for _ in range(runs):`, in it `for name, run in rivals.items():`, in it `start = clock()`, `run()`, and "
        "`times[name].append(1000 * (clock() - start))`.",
    ),
    solution="""\
def take_turns(rivals, clock, warmup, runs):
    for run in rivals.values():
        for _ in range(warmup):
            run()
    times = {name: [] for name in rivals}
    for _ in range(runs):
        for name, run in rivals.items():
            start = clock()
            run()
            times[name].append(1000 * (clock() - start))
    return times""",
    explanation="""\
A machine warms up, slows down, and has other things to do. Whoever times one rival after the other cannot tell that
from a difference between them. In turns, whatever happens to the machine happens to all rivals alike.""",
    check=turns.take_turns,
    symptoms={
        "Endless": "`warmup` and `runs` say how often: no loop has to wait for the clock.",
        "for -:": "The clock is read with brackets, `clock()`: without them it is the function itself.",
        "'str' object is not callable": "A dictionary's loop gives its names: `rivals.items()` gives both, name and "
        "function.",
        "too many values to unpack": "`for name, run in rivals.items()`: without `.items()` there are names alone.",
        "not enough values to unpack": "`for name, run in rivals.items()`: `.items()` gives both.",
        "KeyError": "Each name needs its list before anything is appended: `{name: [] for name in rivals}`.",
        "object is not callable": "Is a name such as `run` or `clock` given to something else on the way?",
        "cannot be interpreted as an integer": _CALLS,
        "'int' object is not iterable": _CALLS,
    },
)

CLEARLY_QUICKER = Exercise(
    name="09.clearly_quicker",
    prompt="""\
**Exercise 2 · Clearly quicker.** Write `clearly_quicker(first, second)`: each is a list of times, not sorted, and they
may differ in length. The middle half of a list reaches from the 25 % percentile to the 75 % percentile, as
`np.percentile` gives them. Return `"first"` or `"second"`, whichever has its whole middle half below the other's, and
`"cannot tell"` where the two overlap. Halves that only touch overlap, too.""",
    stub="""\
def clearly_quicker(first, second):
    ...""",
    hints=(
        "Four numbers decide: the two ends of each middle half.",
        "`low, high = np.percentile(first, [25, 75])`. The first is quicker if its high end is below the other's low "
        "end.",
        'Two conditions, one for each rival, both with `<`; what is left is `"cannot tell"`.',
    ),
    solution="""\
import numpy as np


def clearly_quicker(first, second):
    first_low, first_high = np.percentile(first, [25, 75])
    second_low, second_high = np.percentile(second, [25, 75])
    verdict = "cannot tell"
    if first_high < second_low:
        verdict = "first"
    if second_high < first_low:
        verdict = "second"
    return verdict""",
    explanation="""\
Of two medians one is always smaller, so a comparison of medians always names a winner. The middle halves say how far
the times scatter, and one disturbed run does not move them. It is a rule of thumb and no test of significance: it errs
towards "cannot tell", and then more runs, or a quieter machine, help.""",
    check=quicker.clearly_quicker,
    symptoms={
        "'list' and 'float'": "A list has no arithmetic: `np.percentile` takes it as it is.",
        "unsupported operand type(s) for -: 'list'": "A list has no arithmetic: `np.percentile` takes it as it is.",
        "has no attribute": "The times come as a list: `np.percentile(first, 25)` takes it as it is.",
        "is ambiguous": "`np.percentile(first, [25, 75])` gives two numbers: compare one of them at a time.",
        "Percentiles must be in the range": "`np.percentile` counts from 0 to 100.",
    },
)

MULTIPLY_ADDS = Exercise(
    name="09.multiply_adds",
    prompt="""\
**Exercise 3 · How much work?** Write `multiply_adds(content)`: `content` holds the bytes of a `.tflite` file with one
graph. Return how many multiply-adds one inference takes in all its operators CONV_2D, DEPTHWISE_CONV_2D and
FULLY_CONNECTED together, as a whole number. Each number of such an operator's output takes as many multiply-adds as one
filter has weights: height × width × input channels in a convolution, height × width in a depthwise one, and as many as
there are inputs in a dense one. A free size counts as 1.""",
    stub="""\
def multiply_adds(content):
    ...""",
    hints=(
        "`anatomy(content).subgraphs[0]` has `operators` and `tensors`; an operator's `inputs` and `outputs` are "
        "places in `tensors`. The second input is the weights.",
        "The weights of a convolution have the shape (outputs, height, width, inputs), those of a depthwise one "
        "(1, height, width, outputs), those of a dense one (outputs, inputs).",
        "`math.prod(weights.shape[1:])` is right for CONV_2D and FULLY_CONNECTED, and `math.prod(weights.shape[1:3])` "
        "for DEPTHWISE_CONV_2D. A free size is -1: `abs` makes it 1.",
    ),
    solution="""\
import math

from labutils.tflite.anatomy import anatomy


def multiply_adds(content):
    graph = anatomy(content).subgraphs[0]
    filters = {"CONV_2D": slice(1, None), "DEPTHWISE_CONV_2D": slice(1, 3), "FULLY_CONNECTED": slice(1, None)}
    total = 0
    for operator in graph.operators:
        if operator.name in filters:
            output = graph.tensors[operator.outputs[0]].shape
            weights = graph.tensors[operator.inputs[1]].shape
            total += math.prod(map(abs, output)) * math.prod(weights[filters[operator.name]])
    return total""",
    explanation="""\
Stride, padding and multiplier need no thought of their own: the output's shape has them in it already. The count is the
same for a float and an integer file, and says nothing about time by itself: a delegate may do hundreds of them at once,
if only it gets its numbers fast enough. That is the next exercise.""",
    check=counting.multiply_adds,
    symptoms={
        "'int' object has no attribute": _PLACES,
        "has no attribute 'operators'": "The bytes themselves have no operators: hand them to `anatomy`, and take its "
        "`subgraphs[0]`.",
        "has no attribute 'tensors'": "The tensors are those of a graph: `anatomy(content).subgraphs[0].tensors`.",
        "tuple indices must be integers": _PLACES,
        "index out of range": _DIFFER,
        "values to unpack": _DIFFER,
        "'str' object has no attribute": "`anatomy(content).operators` counts names: the operators themselves are in "
        "`subgraphs[0].operators`.",
        "incompatible function arguments": "The model comes as bytes: `Interpreter(model_content=content)`.",
        "Could not open": "The model comes as bytes: `Interpreter(model_content=content)`.",
    },
)

ROOFLINE = Exercise(
    name="09.roofline",
    prompt="""\
**Exercise 4 · Under the roofline.** Write `attainable(multiply_adds, moved_bytes, peak, bandwidth)`: an operator does
so many multiply-adds and moves so many bytes, on a device that does at most `peak` multiply-adds a second and moves
at most `bandwidth` bytes a second, both at the same time. Return a pair: the least time that the operator takes, in
milliseconds, and what bounds it, `"compute"` or `"memory"`. Where both take equally long, that is `"compute"`.""",
    stub="""\
def attainable(multiply_adds, moved_bytes, peak, bandwidth):
    ...""",
    hints=(
        "Two times: how long it would compute if bytes cost nothing, and how long it would move bytes if computing "
        "cost nothing.",
        "`multiply_adds / peak` and `moved_bytes / bandwidth` are seconds. Both go on at once, so the longer one "
        "counts.",
        '`max(compute, memory)`, and `"compute" if compute >= memory else "memory"`.',
    ),
    solution="""\
def attainable(multiply_adds, moved_bytes, peak, bandwidth):
    compute = 1000 * multiply_adds / peak
    memory = 1000 * moved_bytes / bandwidth
    bound = "compute" if compute >= memory else "memory"
    return max(compute, memory), bound""",
    explanation="""\
*Source: S. Williams, A. Waterman, D. Patterson, Roofline: An Insightful Visual Performance Model for Multicore
Architectures, Communications of the ACM 52 (4), 2009.* Multiply-adds per byte decide: below `peak / bandwidth`
a device with more arithmetic gains nothing. It is a bound for bytes that come from memory: those that still lie in a
cache come more quickly. Many measured times lie well above it.""",
    check=roofline.attainable,
    symptoms={
        "'function' and": "The arguments are numbers: use them as they are.",
    },
)

PARTITIONS = Exercise(
    name="09.partitions",
    prompt="""\
**Exercise 5 · Who gets what?** Write `partitions(operators, supported, least)`: `operators` is a list of names in the
order of execution, one operator feeding the next; `supported` is the set of names that a delegate takes. It gets whole
stretches of neighbouring operators that it takes, each as long as possible, and none of fewer than `least` operators,
since handing over costs time. Return the list of these stretches, in order, as pairs `(start, end)` of places in
`operators`, from 0, the end exclusive as in a slice.""",
    stub="""\
def partitions(operators, supported, least):
    ...""",
    hints=(
        "Go through the operators, and keep in mind where the present stretch began.",
        "A stretch ends at an operator that is not supported, and at the end of the list. Its length is `end - start`.",
        "Go one step beyond the list, `for end in range(len(operators) + 1)`, and close the stretch if "
        "`end == len(operators) or operators[end] not in supported`.",
    ),
    solution="""\
def partitions(operators, supported, least):
    found, start = [], 0
    for end in range(len(operators) + 1):
        if end == len(operators) or operators[end] not in supported:
            if end - start >= least:
                found.append((start, end))
            start = end + 1
    return found""",
    explanation="""\
One operator in the middle that a delegate lacks makes two stretches of one, and tensors cross at each border. Apple's
Core ML delegate calls the least length `minNodesPerPartition`, and takes 2 if nothing is said. XNNPACK shares the
processor's memory, so that a border costs little. The Edge TPU's compiler hands over the first stretch alone.""",
    check=handing_over.partitions,
    symptoms={
        "IndexError: list index out of range": "One step beyond the list there is no operator: ask for the end first, "
        "`end == len(operators) or ...`.",
        "'set' object is not subscriptable": "A set has no order and no places: ask `name in supported`.",
        "'frozenset' object is not subscriptable": "A set has no order and no places: ask `name in supported`.",
        "unhashable": "Ask for one name at a time, `operators[end] in supported`.",
    },
)

EXERCISES = (TAKE_TURNS, CLEARLY_QUICKER, MULTIPLY_ADDS, ROOFLINE, PARTITIONS)
