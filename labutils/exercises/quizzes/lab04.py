"""The quiz of lab 04: where scales come from, what one outlier costs, and what a file says of a silent failure."""

from labutils.exercises.quizzes.question import Question, right, wrong

QUESTIONS: tuple[Question, ...] = (
    Question(
        "04.outlier",
        "In one channel of a convolution's kernel a single weight is ten times as large as all others. What does "
        "quantizing to int8 do to the other weights?",
        (
            wrong(
                "Those of all channels get coarser: the whole kernel shares one scale.",
                "LiteRT gives the kernel of a convolution one scale for each channel, so the other channels lose "
                "nothing.",
            ),
            wrong(
                "None gets coarser: the large weight is clipped to the others' range.",
                "The converter takes the largest weight of a channel as its range, and clips no weight.",
            ),
            right(
                "Those of its channel get coarser: the large weight sets their scale.",
                "The range of the channel is ten times as wide, and so is each step of its grid.",
            ),
            wrong(
                "None gets coarser: each weight is stored with a scale of its own.",
                "A scale for each weight would take more bytes than int8 saves. There is one for each channel.",
            ),
        ),
    ),
    Question(
        "04.bias_scale",
        "An integer layer adds up products of an int8 input with int8 weights, and then adds an int32 bias. With "
        "which scale is the bias stored?",
        (
            right(
                "The input's scale times the weights' scale.",
                "That is the scale of the products, so the bias can be added to their sum as it stands. The numbers "
                "get large, hence 32 bits.",
            ),
            wrong(
                "The output's scale, as it is added to the output.",
                "It is added before that: the sum is turned into the output's scale when the bias is already in it.",
            ),
            wrong(
                "The scale 1, as 32 bits have room enough.",
                "With the scale 1 a bias of 0.3 would become 0. More bits give a wider range, not fractions.",
            ),
        ),
    ),
    Question(
        "04.float_input",
        "You asked for int8 at input and output, and gave a dataset. Nothing is raised, and the file takes and gives "
        "float32. Which of these was the cause?",
        (
            wrong(
                "An operator of the model has no integer kernel.",
                "Then that operator alone stays float, in the middle. The ends are int8, and from outside all looks "
                "well.",
            ),
            wrong(
                "The generator has yielded one single sample.",
                "One sample gives ranges, if narrow ones, and an integer file with int8 ends.",
            ),
            right(
                "The generator has yielded no sample at all.",
                "Without a sample there are no ranges, and the converter falls back to float, ends included. A path "
                "with a typing error is enough.",
            ),
        ),
    ),
    Question(
        "04.clipped",
        "A model was calibrated on faint pictures, and its integer file is far off on bright ones, where the "
        "activations are larger. Which change helps?",
        (
            wrong(
                "16x8, which has 16 bits for activations.",
                "It makes the steps finer within the recorded range. What lies above the range is clipped as before.",
            ),
            right(
                "A few bright pictures among the samples.",
                "Calibration records the largest activation that it sees. Those of bright pictures then lie inside "
                "the range.",
            ),
            wrong(
                "Ten times as many of the faint pictures.",
                "More of the same widen the range only a little. What is missing is not the number but the kind.",
            ),
        ),
    ),
    Question(
        "04.no_data",
        "Integer quantization needs samples, to find the range of the activations. Dynamic range needs none. How does "
        "it do without?",
        (
            wrong(
                "It takes the range from the weights, which bound what a layer gives.",
                "Weights bound nothing as long as the input is free: an input a thousand times as large gives an "
                "output a thousand times as large, and the file follows.",
            ),
            wrong(
                "It needs no range: the weights become floats again before the product.",
                "Then its answers would be those of the read-back weights. They are not: the input gets rounded too.",
            ),
            right(
                "It finds the range at run time, in what it is just computing on.",
                "Therefore the name. It costs some work in each run, and an unusual input cannot be clipped by a "
                "range of yesterday.",
            ),
        ),
    ),
    Question(
        "04.ratio",
        "Two 1 × 1 convolutions have 4,096 weights each: one leads from 8 channels to 512, the other from 512 to 8. "
        "Both become full integer files. Which comes nearer to a quarter of its float file?",
        (
            right(
                "From 512 to 8: it has fewer scales to store.",
                "Each output channel has a scale, a zero point and a 32-bit bias, 512 of them or 8. From 8 to 512 "
                "they eat up all that the weights save.",
            ),
            wrong(
                "From 8 to 512: each channel has fewer weights.",
                "Few weights to a channel are the reason why it saves less: scale and zero point are paid for each "
                "channel.",
            ),
            wrong(
                "Neither: 4,096 weights need the same bytes.",
                "The weights do. The scales and zero points that integers need come on top, and go by channels.",
            ),
        ),
    ),
)
