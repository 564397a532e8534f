package ernie4j.zoo.onnx;

import static ernie4j.engine.ParameterNames.POOLER;
import static ernie4j.engine.ParameterNames.WORD_EMBEDDINGS;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.HeadNames;
import ernie4j.engine.head.Task;
import ernie4j.zoo.onnx.OnnxModel.Attribute;
import java.io.IOException;
import java.nio.file.Path;
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
 *   <li>joint intent and slots: {@code intent_logits} [batch, intents], {@code slot_logits} [batch,
 *       length, slots]
 *   <li>sequence classification and multiple choice: {@code logits} [batch, labels]; token
 *       classification: {@code logits} [batch, length, labels]
 *   <li>question answering: {@code start_logits} and {@code end_logits}, each [batch, length]
 *   <li>masked language model: {@code logits} [batch, length, words]
 * </ul>
 *
 * <p>An int8 model gives an int8 graph: linear layers with an input scale between QuantizeLinear
 * and DequantizeLinear, others with MatMulInteger and a scale for every token, embedding tables as
 * codes that are decoded after the look-up. On x86 processors without VNNI, ONNX Runtime's own int8
 * products may saturate; its documentation says so for all int8 models. {@code
 * ernie4j.quant.ModelQuantizer.dequantize} makes the float model of it.
 *
 * <p>All parameters keep their Paddle names and layout, so {@link BertOnnxImporter} reads the file
 * back to the bit.
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
    export.write(Task.ENCODER.id());
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
    export.write(source.task());
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

  private void write(String task) {
    String hidden =
        graph.hiddenStates(
            model.input("input_ids", BATCH, LENGTH),
            model.input("attention_mask", BATCH, LENGTH),
            model.input("token_type_ids", BATCH, LENGTH));
    switch (Task.of(task)) {
      case ENCODER -> encoderOutputs(hidden);
      case JOINT_INTENT_SLOTS -> {
        sequenceLogits("intent_logits", HeadNames.INTENT_CLASSIFIER, hidden);
        tokenLogits("slot_logits", HeadNames.SLOT_CLASSIFIER, hidden);
      }
      case SEQUENCE_CLASSIFICATION, MULTIPLE_CHOICE ->
          sequenceLogits("logits", HeadNames.CLASSIFIER, hidden);
      case TOKEN_CLASSIFICATION -> tokenLogits("logits", HeadNames.CLASSIFIER, hidden);
      case QUESTION_ANSWERING -> spanLogits(hidden);
      case MASKED_LM -> wordLogits(hidden);
      default ->
          throw new IllegalArgumentException(
              "OnnxExport: the task '%s' is unknown; export the encoder alone, with task '%s'"
                  .formatted(task, Task.ENCODER.id()));
    }
  }

  private void encoderOutputs(String hidden) {
    String width = Integer.toString(config.hiddenSize());
    model.output("last_hidden_state", hidden, BATCH, LENGTH, width);
    if (parameters.contains(POOLER + ".weight")) {
      model.output("pooler_output", graph.pooled(hidden), BATCH, width);
    }
  }

  private void sequenceLogits(String output, String layer, String hidden) {
    String logits = graph.linear(layer, graph.pooled(hidden));
    model.output(output, logits, BATCH, outputs(layer));
  }

  private void tokenLogits(String output, String layer, String hidden) {
    model.output(output, graph.linear(layer, hidden), BATCH, LENGTH, outputs(layer));
  }

  private void spanLogits(String hidden) {
    String both = graph.linear(HeadNames.CLASSIFIER, hidden);
    List<String> ends = List.of("start_logits", "end_logits");
    for (int i = 0; i < ends.size(); i++) {
      String which = model.scalar(i == 0 ? "zero" : "one", (long) i);
      String logits = model.node("Gather", List.of(both, which), new Attribute("axis", 2));
      model.output(ends.get(i), logits, BATCH, LENGTH);
    }
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

  private String outputs(String layer) {
    return Integer.toString(parameters.shape(layer + ".bias")[0]);
  }
}
