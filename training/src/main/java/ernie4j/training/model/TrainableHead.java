package ernie4j.training.model;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterNames;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.head.HeadNames;
import ernie4j.engine.head.HeadOutput;
import ernie4j.engine.head.Row;
import ernie4j.engine.head.Task;
import ernie4j.engine.kernels.Kernels;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.TrainableLinear;
import ernie4j.training.autograd.Variable;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The trainable form of {@link ernie4j.engine.head.Head}: turns hidden states {@code [tokens,
 * hidden]} into the logits of every output of a task, on a tape, with the reference's parameter
 * names and dropouts.
 *
 * <p>The head of {@link Task#MASKED_LM} computes the scores of all words, {@code norm(gelu(x W +
 * b)) E^T + c} with the word embedding E as decoder, for every row that it is given. Pass it only
 * the rows of masked tokens ({@link Tape#selectRows}), because the cost of each row is proportional
 * to the size of the word embedding.
 */
public final class TrainableHead {
  private static final Set<Row> WITHOUT_DROPOUT =
      Collections.unmodifiableSet(EnumSet.of(Row.SPAN_END, Row.SPAN_EDGE));

  private final Task task;
  private final EncoderConfig config;
  private final TrainableParameters parameters;
  private final float dropout;

  /** The products by the names of their layers, starting with the pooler's. */
  private final Map<String, TrainableLinear> layers = new LinkedHashMap<>();

  /**
   * The head of a task over its parameters.
   *
   * @param task the task of the head
   * @param config the shape of the encoder
   * @param parameters the variables of the head by name
   * @param kernels the arithmetic to compute with
   * @param dropout the dropout of the inputs of the layers; as in the reference, there is none
   *     before those that find the ends of spans
   * @throws IllegalArgumentException if a parameter is missing
   */
  public TrainableHead(
      Task task,
      EncoderConfig config,
      TrainableParameters parameters,
      Kernels kernels,
      float dropout) {
    this.task = task;
    this.config = config;
    this.parameters = parameters;
    this.dropout = dropout;
    if (task.usesPooler()) {
      add(kernels, ParameterNames.POOLER);
    }
    task.layers().forEach(layer -> add(kernels, layer));
  }

  private void add(Kernels kernels, String layer) {
    layers.put(layer, TrainableEncoder.linear(kernels, parameters, layer));
  }

  private TrainableLinear layer(String name) {
    return Objects.requireNonNull(layers.get(name), name);
  }

  /**
   * Computes the logits of every output.
   *
   * @param tape the tape to record on
   * @param hidden the last hidden states, {@code [tokens, hidden]}
   * @param batch the token sequences that they belong to
   * @return in the order of {@link Task#outputs}, each {@code [sequences, columns]} or {@code
   *     [tokens, columns]}
   */
  public List<Variable> logits(Tape tape, Variable hidden, RaggedBatch batch) {
    if (task == Task.MASKED_LM) {
      return List.of(words(tape, hidden));
    }
    Variable pooled = task.usesPooler() ? pooled(tape, hidden, batch) : hidden;
    Variable[] logits = new Variable[task.outputs().size()];
    // The reference draws the dropout of tokens before that of the pooled output.
    for (boolean ofTexts : new boolean[] {false, true}) {
      for (int i = 0; i < logits.length; i++) {
        HeadOutput output = task.outputs().get(i);
        if (output.row().isPooled() == ofTexts) {
          float probability = WITHOUT_DROPOUT.contains(output.row()) ? 0f : dropout;
          Variable read = tape.dropout(ofTexts ? pooled : hidden, probability);
          logits[i] = tape.linear(read, layer(output.layer()));
        }
      }
    }
    return List.of(logits);
  }

  /** {@code tanh(x W + b)} of every sequence's first token: {@code [sequences, hidden]}. */
  private Variable pooled(Tape tape, Variable hidden, RaggedBatch batch) {
    int[] first = new int[batch.sequences()];
    for (int s = 0; s < first.length; s++) {
      first[s] = batch.start(s);
    }
    return tape.tanh(tape.linear(tape.selectRows(hidden, first), layer(ParameterNames.POOLER)));
  }

  private Variable words(Tape tape, Variable hidden) {
    Variable normed =
        tape.layerNorm(
            tape.gelu(tape.linear(hidden, layer(HeadNames.MLM_TRANSFORM))),
            parameters.get(HeadNames.MLM_NORM + ".weight"),
            parameters.get(HeadNames.MLM_NORM + ".bias"),
            config.layerNormEpsilon());
    return tape.tiedDecoder(
        normed,
        parameters.get(ParameterNames.WORD_EMBEDDINGS),
        parameters.get(HeadNames.MLM_DECODER_BIAS));
  }

  /** Must be called when the optimizer has changed the parameters. */
  public void invalidate() {
    layers.values().forEach(TrainableLinear::invalidate);
  }

  /**
   * Visits the matrix products of a pass.
   *
   * @param visit receives the name of the layer of a product, in a list, and the product
   */
  public void forEachLinear(BiConsumer<List<String>, TrainableLinear> visit) {
    layers.forEach((name, linear) -> visit.accept(List.of(name), linear));
  }
}
