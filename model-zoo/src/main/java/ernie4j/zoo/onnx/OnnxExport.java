package ernie4j.zoo.onnx;

import static ernie4j.engine.ParameterNames.POOLER;
import static ernie4j.engine.ParameterNames.WORD_EMBEDDINGS;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.HeadNames;
import ernie4j.engine.head.HeadOutput;
import ernie4j.engine.head.Row;
import ernie4j.engine.head.Task;
import ernie4j.zoo.onnx.OnnxModel.Attribute;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

/**
 * Writes a model as an ONNX graph of standard operations (operator set 17), for every runtime.
 *
 * <p>Inputs are {@code input_ids}, {@code attention_mask} (1 for tokens, 0 for padding) and {@code
 * token_type_ids}, each int64 {@code [batch, length]}. Outputs follow from the model's task:
 *
 * <ul>
 *   <li>no head: {@code last_hidden_state} [batch, length, hidden] and, if the model has a pooler,
 *       {@code pooler_output} [batch, hidden]
 *   <li>one of {@link Task#outputs}: {@code logits} [batch, columns] for texts, [batch, length,
 *       columns] for tokens; several: {@code intent_logits}, {@code slot_logits}, as the keys of
 *       their labels are
 *   <li>ends of spans: {@code start_logits} and {@code end_logits}, each [batch, length]
 *   <li>information extraction: {@code start_prob} and {@code end_prob}, each [batch, length],
 *       after a sigmoid as in the original
 *   <li>masked language model: {@code logits} [batch, length, words]
 * </ul>
 *
 * <p>An int8 model gives an int8 graph: linear layers with an input scale between QuantizeLinear
 * and DequantizeLinear, others with MatMulInteger and a scale for every token, embedding tables as
 * codes that are decoded after the look-up. On x86 processors without VNNI, ONNX Runtime's own int8
 * products may saturate; its documentation says so for all int8 models. {@code
 * ernie4j.quant.ModelQuantizer.dequantize} makes the float model of it.
 *
 * <p>All parameters keep their Paddle names and layout, so {@link BertOnnxImporter} reads exactly
 * the same values back.
 */
public final class OnnxExport {
  private static final String BATCH = "batch";
  private static final String LENGTH = "length";

  private final OnnxModel model = new OnnxModel();
  private final EncoderConfig config;
  private final ParameterSource parameters;
  private final StandardGraph graph;

  private OnnxExport(EncoderConfig config, ParameterSource parameters) {
    this.config = config;
    this.parameters = parameters;
    graph = new StandardGraph(model, config, parameters);
  }

  /**
   * The graph of an encoder, with the pooler if it has one, and without a head.
   *
   * @throws IllegalArgumentException if a parameter is missing
   */
  public static OnnxModel encoder(EncoderConfig config, ParameterSource parameters) {
    OnnxExport export = new OnnxExport(config, parameters);
    export.write(Task.ENCODER);
    return export.model;
  }

  /**
   * The graph of a model with the head of its task.
   *
   * @throws IllegalArgumentException if a parameter of encoder or head is missing, or the task is
   *     unknown
   */
  public static OnnxModel graph(Model source) {
    OnnxExport export = new OnnxExport(source.config(), source.parameters());
    export.write(Task.of(source.task()));
    OnnxMetadata.write(source, export.model);
    return export.model;
  }

  /**
   * Writes the graph of a model to a file. The vocabulary is not part of it; {@code
   * ernie4j.zoo.huggingface.HuggingFaceTokenizer} writes it beside the file.
   *
   * @throws IllegalArgumentException as {@link #graph}
   */
  public static void write(Path file, Model source) throws IOException {
    graph(source).write(file);
  }

  private void write(Task task) {
    String hidden =
        graph.hiddenStates(
            model.input("input_ids", BATCH, LENGTH),
            model.input("attention_mask", BATCH, LENGTH),
            model.input("token_type_ids", BATCH, LENGTH));
    if (task.layers().isEmpty()) {
      encoderOutputs(hidden);
    } else if (task.layers().contains(HeadNames.MLM_TRANSFORM)) {
      wordLogits(hidden);
    } else {
      headOutputs(task, hidden);
    }
  }

  private void encoderOutputs(String hidden) {
    String width = Integer.toString(config.hiddenSize());
    model.output("last_hidden_state", hidden, BATCH, LENGTH, width);
    if (parameters.contains(POOLER + ".weight")) {
      model.output("pooler_output", graph.pooled(hidden), BATCH, width);
    }
  }

  private void headOutputs(Task task, String hidden) {
    String pooled = task.usesPooler() ? graph.pooled(hidden) : "";
    Iterator<String> ends = List.of("start_logits", "end_logits").iterator();
    Iterator<String> edges = List.of("start_prob", "end_prob").iterator();
    for (HeadOutput output : task.outputs()) {
      String logits = graph.linear(output.layer(), output.row().isPooled() ? pooled : hidden);
      String name = task.outputs().size() == 1 ? "logits" : output.labels() + "_logits";
      int columns = parameters.shape(output.layer() + ".bias")[0];
      if (output.row() == Row.SPAN_END) {
        for (int column = 0; column < columns; column++) {
          model.output(ends.next(), column(logits, column), BATCH, LENGTH);
        }
      } else if (output.row() == Row.SPAN_EDGE) {
        String probabilities = model.node("Sigmoid", List.of(column(logits, 0)));
        model.output(edges.next(), probabilities, BATCH, LENGTH);
      } else if (output.row().isPooled()) {
        model.output(name, logits, BATCH, Integer.toString(columns));
      } else {
        model.output(name, logits, BATCH, LENGTH, Integer.toString(columns));
      }
    }
  }

  private String column(String logits, int column) {
    String which = model.scalar(column == 0 ? "zero" : "one", (long) column);
    return model.node("Gather", List.of(logits, which), new Attribute("axis", 2));
  }

  private void wordLogits(String hidden) {
    String transformed = graph.gelu(graph.linear(HeadNames.MLM_TRANSFORM, hidden));
    String normed = graph.norm(HeadNames.MLM_NORM, transformed);
    String words =
        model.node(
            "Transpose",
            List.of(graph.parameter(WORD_EMBEDDINGS)),
            new Attribute("perm", new int[] {1, 0}));
    String products = model.node("MatMul", List.of(normed, words));
    String logits = graph.add(products, graph.parameter(HeadNames.MLM_DECODER_BIAS));
    model.output("logits", logits, BATCH, LENGTH, Integer.toString(config.vocabularySize()));
  }
}
