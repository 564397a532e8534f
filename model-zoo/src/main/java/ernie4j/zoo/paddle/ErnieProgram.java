package ernie4j.zoo.paddle;

import static ernie4j.engine.LayerPart.ATTENTION_NORM;
import static ernie4j.engine.LayerPart.CONTRACT;
import static ernie4j.engine.LayerPart.EXPAND;
import static ernie4j.engine.LayerPart.KEY;
import static ernie4j.engine.LayerPart.OUTPUT;
import static ernie4j.engine.LayerPart.OUTPUT_NORM;
import static ernie4j.engine.LayerPart.QUERY;
import static ernie4j.engine.LayerPart.VALUE;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterNames;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.HeadNames;
import ernie4j.engine.head.HeadOutput;
import ernie4j.engine.head.Row;
import ernie4j.engine.head.Task;
import ernie4j.zoo.paddle.ProgramBuilder.Attribute;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The program of an encoder and its head in Paddle's operations, in the order in which PaddleNLP's
 * ERNIE runs them. {@code B}, {@code L} in comments are batch and length.
 */
final class ErnieProgram {
  private static final float MASK = -10000f;
  private static final long ANY = -1;

  private final ProgramBuilder program = new ProgramBuilder();
  private final EncoderConfig config;
  private final ParameterSource parameters;
  private final Map<String, String> structuredNames = new TreeMap<>();
  private int embeddings;
  private int linears;
  private int norms;

  /** Makes the program of a model of floats. */
  ErnieProgram(Model model) {
    config = model.config();
    parameters = model.parameters();
    String ids = program.feed(0, "input_ids", PaddleType.INT64, ANY, ANY);
    String types = program.feed(1, "token_type_ids", PaddleType.INT64, ANY, ANY);
    String mask = mask(ids);
    String hidden = embeddings(ids, types);
    for (int i = 0; i < config.layers(); i++) {
      hidden = encoderLayer(i, hidden, mask);
    }
    String pooled = parameters.contains(ParameterNames.POOLER + ".weight") ? pooled(hidden) : "";
    List<String> outputs = head(Task.of(model.task()), hidden, pooled);
    outputs.add(hidden);
    if (!pooled.isEmpty()) {
      outputs.add(pooled);
    }
    for (int i = 0; i < outputs.size(); i++) {
      program.fetch(i, outputs.get(i));
    }
  }

  ProgramBuilder program() {
    return program;
  }

  /** The structured name of each parameter, in the order of the parameter file. */
  Map<String, String> structuredNames() {
    return structuredNames;
  }

  /** [B, 1, 1, L]: -10000 where the id is that of padding, else 0. */
  private String mask(String ids) {
    String padding =
        apply(
            "fill_constant",
            Map.of(),
            PaddleType.INT64,
            new long[] {1},
            Attribute.wides("shape", 1),
            Attribute.number("value", config.paddingId()),
            Attribute.text("str_value", Integer.toString(config.paddingId())),
            Attribute.integer("dtype", PaddleType.INT64));
    String isPadding =
        apply(
            "equal",
            Map.of("X", ids, "Y", padding),
            PaddleType.BOOL,
            new long[] {ANY, ANY},
            Attribute.integer("axis", -1));
    String ones =
        apply(
            "cast",
            Map.of("X", isPadding),
            PaddleType.FLOAT32,
            new long[] {ANY, ANY},
            Attribute.integer("in_dtype", PaddleType.BOOL),
            Attribute.integer("out_dtype", PaddleType.FLOAT32));
    return withShape(
        "unsqueeze2",
        scaled(ones, MASK, ANY, ANY),
        new long[] {ANY, 1, 1, ANY},
        Attribute.integers("axes", 1, 2));
  }

  private String embeddings(String ids, String types) {
    String ones = filledLike(ids, 1);
    String counted =
        apply(
            "cumsum",
            Map.of("X", ones),
            PaddleType.INT64,
            new long[] {ANY, ANY},
            Attribute.integer("axis", 1),
            Attribute.flag("flatten", false),
            Attribute.flag("exclusive", false),
            Attribute.flag("reverse", false));
    String positions =
        apply(
            "elementwise_sub",
            Map.of("X", counted, "Y", ones),
            PaddleType.INT64,
            new long[] {ANY, ANY},
            Attribute.integer("axis", -1));
    int padding = config.zeroPaddingEmbedding() ? config.paddingId() : -1;
    String sum = lookedUp(ParameterNames.WORD_EMBEDDINGS, ids, padding);
    sum = sum(sum, lookedUp(ParameterNames.POSITION_EMBEDDINGS, positions, -1));
    sum = sum(sum, lookedUp(ParameterNames.TOKEN_TYPE_EMBEDDINGS, types, -1));
    if (config.taskTypes() > 0) {
      String tasks = filledLike(ids, 0);
      sum = sum(sum, lookedUp(ParameterNames.TASK_TYPE_EMBEDDINGS, tasks, -1));
    }
    return norm(ParameterNames.EMBEDDINGS_NORM, sum);
  }

  private String filledLike(String ids, float value) {
    return apply(
        "fill_any_like",
        Map.of("X", ids),
        PaddleType.INT64,
        new long[] {ANY, ANY},
        Attribute.number("value", value),
        Attribute.integer("dtype", PaddleType.INT64));
  }

  private String lookedUp(String table, String ids, int padding) {
    return apply(
        "lookup_table_v2",
        Map.of("Ids", ids, "W", parameter(table, "embedding_" + embeddings++ + ".w_0")),
        PaddleType.FLOAT32,
        new long[] {ANY, ANY, config.hiddenSize()},
        Attribute.wide("padding_idx", padding));
  }

  private String encoderLayer(int index, String hidden, String mask) {
    int width = parameters.shape(QUERY.weight(index))[1];
    String queries = headsOf(QUERY.module(index), hidden, width);
    String keys = headsOf(KEY.module(index), hidden, width);
    String values = headsOf(VALUE.module(index), hidden, width);
    long heads = width / config.headSize();
    String scaled =
        scaled(
            queries,
            (float) (1 / Math.sqrt(config.headSize())),
            ANY,
            heads,
            ANY,
            config.headSize());
    String scores = product(scaled, keys, true, ANY, heads, ANY, ANY);
    String masked = added(scores, mask, ANY, heads, ANY, ANY);
    String weights =
        apply(
            "softmax",
            Map.of("X", masked),
            PaddleType.FLOAT32,
            new long[] {ANY, heads, ANY, ANY},
            Attribute.integer("axis", -1));
    String context = product(weights, values, false, ANY, heads, ANY, config.headSize());
    String rows =
        withShape(
            "transpose2",
            context,
            new long[] {ANY, ANY, heads, config.headSize()},
            Attribute.integers("axis", 0, 2, 1, 3));
    String merged =
        withShape(
            "reshape2",
            rows,
            new long[] {ANY, ANY, width},
            Attribute.integers("shape", 0, 0, width));
    String attended = linear(OUTPUT.module(index), merged, ANY, ANY);
    String middle = norm(ATTENTION_NORM.module(index), sum(hidden, attended));
    String inner = linear(EXPAND.module(index), middle, ANY, ANY);
    String activated = gelu(inner, parameters.shape(EXPAND.bias(index))[0]);
    String outer = linear(CONTRACT.module(index), activated, ANY, ANY);
    return norm(OUTPUT_NORM.module(index), sum(middle, outer));
  }

  /** [B, heads, L, head size] of a projection. */
  private String headsOf(String projection, String hidden, int width) {
    long heads = width / config.headSize();
    String rows = linear(projection, hidden, ANY, ANY);
    String cut =
        withShape(
            "reshape2",
            rows,
            new long[] {ANY, ANY, heads, config.headSize()},
            Attribute.integers("shape", 0, 0, heads, config.headSize()));
    return withShape(
        "transpose2",
        cut,
        new long[] {ANY, heads, ANY, config.headSize()},
        Attribute.integers("axis", 0, 2, 1, 3));
  }

  private String gelu(String value, long width) {
    return apply(
        "gelu",
        Map.of("X", value),
        PaddleType.FLOAT32,
        new long[] {ANY, ANY, width},
        Attribute.flag("approximate", false));
  }

  /** [B, H] of the first token of each row. */
  private String pooled(String hidden) {
    String first =
        apply(
            "slice",
            Map.of("Input", hidden),
            PaddleType.FLOAT32,
            new long[] {ANY, config.hiddenSize()},
            Attribute.integers("axes", 1),
            Attribute.integers("starts", 0),
            Attribute.integers("ends", 1),
            Attribute.integers("infer_flags", 1),
            Attribute.integers("decrease_axis", 1));
    String sum = linear(ParameterNames.POOLER, first, ANY);
    return apply(
        "tanh", Map.of("X", sum), PaddleType.FLOAT32, new long[] {ANY, config.hiddenSize()});
  }

  private List<String> head(Task task, String hidden, String pooled) {
    if (task.usesPooler() && pooled.isEmpty()) {
      throw new IllegalArgumentException(
          "the head of the task %s reads the pooler, which the model does not have"
              .formatted(task));
    }
    List<String> logits = new ArrayList<>();
    for (HeadOutput output : task.outputs()) {
      String own =
          output.row().isPooled()
              ? linear(output.layer(), pooled, ANY)
              : linear(output.layer(), hidden, ANY, ANY);
      logits.add(output.row() == Row.SPAN_EDGE ? probabilities(own) : own);
    }
    if (task.layers().contains(HeadNames.MLM_TRANSFORM)) {
      logits.add(words(hidden));
    }
    return logits;
  }

  /** [B, L] of one logit for each token. */
  private String probabilities(String logits) {
    String flat =
        withShape("squeeze2", logits, new long[] {ANY, ANY}, Attribute.integers("axes", -1));
    return apply("sigmoid", Map.of("X", flat), PaddleType.FLOAT32, new long[] {ANY, ANY});
  }

  /** [B, L, V]: the scores of all words. */
  private String words(String hidden) {
    String transformed =
        norm(
            HeadNames.MLM_NORM,
            gelu(linear(HeadNames.MLM_TRANSFORM, hidden, ANY, ANY), config.hiddenSize()));
    long words = config.vocabularySize();
    String scores = product(transformed, "embedding_0.w_0", true, ANY, ANY, words);
    return added(
        scores, parameter(HeadNames.MLM_DECODER_BIAS, "create_parameter_0.w_0"), ANY, ANY, words);
  }

  private String linear(String name, String input, long... leading) {
    String number = "linear_" + linears++;
    long out = parameters.shape(name + ".weight")[1];
    long[] shape = Arrays.copyOf(leading, leading.length + 1);
    shape[leading.length] = out;
    String product = product(input, parameter(name + ".weight", number + ".w_0"), false, shape);
    return added(product, parameter(name + ".bias", number + ".b_0"), shape);
  }

  private String norm(String name, String input) {
    String number = "layer_norm_" + norms++;
    String scale = parameter(name + ".weight", number + ".w_0");
    String bias = parameter(name + ".bias", number + ".b_0");
    String normed = program.fresh("layer_norm");
    program.value(normed, PaddleType.FLOAT32, ANY, ANY, config.hiddenSize());
    program.operation(
        "layer_norm",
        Map.of("X", input, "Scale", scale, "Bias", bias),
        Map.of(
            "Y",
            normed,
            "Mean",
            program.value(program.fresh("mean"), PaddleType.FLOAT32, ANY),
            "Variance",
            program.value(program.fresh("variance"), PaddleType.FLOAT32, ANY)),
        Attribute.number("epsilon", config.layerNormEpsilon()),
        Attribute.integer("begin_norm_axis", 2));
    return normed;
  }

  private String sum(String a, String b) {
    return added(a, b, ANY, ANY, config.hiddenSize());
  }

  private String added(String a, String b, long... shape) {
    return apply(
        "elementwise_add",
        Map.of("X", a, "Y", b),
        PaddleType.FLOAT32,
        shape,
        Attribute.integer("axis", -1));
  }

  private String product(String a, String b, boolean transposed, long... shape) {
    return apply(
        "matmul_v2",
        Map.of("X", a, "Y", b),
        PaddleType.FLOAT32,
        shape,
        Attribute.flag("trans_x", false),
        Attribute.flag("trans_y", transposed));
  }

  private String scaled(String value, float factor, long... shape) {
    return apply(
        "scale",
        Map.of("X", value),
        PaddleType.FLOAT32,
        shape,
        Attribute.number("scale", factor),
        Attribute.number("bias", 0),
        Attribute.flag("bias_after_scale", true));
  }

  private String apply(
      String type, Map<String, String> inputs, int kind, long[] shape, Attribute... attributes) {
    String output = program.value(program.fresh(type), kind, shape);
    program.operation(type, inputs, Map.of("Out", output), attributes);
    return output;
  }

  /**
   * An operation that keeps the values and also returns the old shape, which only training needs.
   */
  private String withShape(String type, String input, long[] shape, Attribute attribute) {
    String output = program.value(program.fresh(type), PaddleType.FLOAT32, shape);
    String old = program.value(program.fresh("xshape"), PaddleType.FLOAT32, 0, ANY);
    program.operation(type, Map.of("X", input), Map.of("Out", output, "XShape", old), attribute);
    return output;
  }

  /** Declares a parameter under the name that Paddle would give it. */
  private String parameter(String structuredName, String name) {
    List<Long> shape = new ArrayList<>();
    for (int dimension : parameters.shape(structuredName)) {
      shape.add((long) dimension);
    }
    program.parameter(name, shape);
    structuredNames.put(name, structuredName);
    return name;
  }
}
