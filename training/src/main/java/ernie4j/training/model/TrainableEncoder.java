package ernie4j.training.model;

import static ernie4j.engine.LayerPart.ATTENTION_NORM;
import static ernie4j.engine.LayerPart.CONTRACT;
import static ernie4j.engine.LayerPart.EXPAND;
import static ernie4j.engine.LayerPart.OUTPUT;
import static ernie4j.engine.LayerPart.OUTPUT_NORM;
import static ernie4j.engine.LayerPart.QUERY_KEY_VALUE;
import static ernie4j.engine.ParameterNames.EMBEDDINGS_NORM;
import static ernie4j.engine.ParameterNames.POSITION_EMBEDDINGS;
import static ernie4j.engine.ParameterNames.TASK_TYPE_EMBEDDINGS;
import static ernie4j.engine.ParameterNames.TOKEN_TYPE_EMBEDDINGS;
import static ernie4j.engine.ParameterNames.WORD_EMBEDDINGS;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.LayerShape;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.encoder.BatchCheck;
import ernie4j.engine.kernels.Kernels;
import ernie4j.training.autograd.EmbeddingTables;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.TrainableLinear;
import ernie4j.training.autograd.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * The encoder of {@link ernie4j.engine.encoder.Encoder}, recorded on a tape so that it can be
 * trained.
 */
public final class TrainableEncoder {
  private final EncoderConfig config;
  private final TrainableParameters parameters;
  private final EmbeddingTables tables;
  private final List<Layer> layers = new ArrayList<>();
  private final float hiddenDropout;
  private final float attentionDropout;

  /**
   * An encoder over the given parameters.
   *
   * @param config the shape of the encoder
   * @param parameters the variables of the encoder by name
   * @param kernels the arithmetic to compute with
   * @param hiddenDropout the dropout after the embeddings and before both residual additions of a
   *     layer
   * @param attentionDropout the dropout of the attention probabilities
   */
  public TrainableEncoder(
      EncoderConfig config,
      TrainableParameters parameters,
      Kernels kernels,
      float hiddenDropout,
      float attentionDropout) {
    this.config = config;
    this.parameters = parameters;
    this.hiddenDropout = hiddenDropout;
    this.attentionDropout = attentionDropout;
    this.tables =
        new EmbeddingTables(
            parameters.get(WORD_EMBEDDINGS),
            parameters.get(POSITION_EMBEDDINGS),
            parameters.get(TOKEN_TYPE_EMBEDDINGS),
            config.taskTypes() > 0 ? parameters.get(TASK_TYPE_EMBEDDINGS) : null,
            config.zeroPaddingEmbedding() ? config.paddingId() : -1);
    for (int i = 0; i < config.layers(); i++) {
      layers.add(new Layer(kernels, i));
    }
  }

  /** Must be called when the optimizer has changed the parameters. */
  public void invalidate() {
    for (Layer l : layers) {
      l.queryKeyValue.invalidate();
      l.output.invalidate();
      l.expand.invalidate();
      l.contract.invalidate();
    }
  }

  /**
   * Visits the matrix products of a pass. Each computes one layer, or Q, K and V together.
   *
   * @param visit receives the names of the layers of a product, and the product
   */
  public void forEachLinear(BiConsumer<List<String>, TrainableLinear> visit) {
    layers.forEach(l -> l.forEachLinear(visit));
  }

  /**
   * The intermediate states of a pass, for losses and measurements that need them.
   *
   * @param hidden the output of the embeddings (after norm and dropout), then of every layer, each
   *     {@code [tokens, hidden]}
   * @param queryKeyValue Q, K and V side by side of every layer, {@code [tokens, 3 attention
   *     width]}
   * @param context the output of attention in every layer, {@code [tokens, attention width]}
   */
  public record States(
      List<Variable> hidden, List<Variable> queryKeyValue, List<Variable> context) {
    /** {@return the hidden states of the last layer, {@code [tokens, hidden]}} */
    public Variable last() {
      return hidden.get(hidden.size() - 1);
    }
  }

  /**
   * Runs the encoder on a batch.
   *
   * @param tape the tape to record on
   * @param batch token sequences
   * @return all intermediate states
   */
  public States forward(Tape tape, RaggedBatch batch) {
    BatchCheck.check(config, batch);
    States states = new States(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    Variable x = norm(tape, tape.embeddings(batch, tables), EMBEDDINGS_NORM);
    states.hidden.add(tape.dropout(x, hiddenDropout));
    for (Layer l : layers) {
      l.forward(tape, batch, states);
    }
    return states;
  }

  private Variable norm(Tape tape, Variable x, String name) {
    return tape.layerNorm(
        x,
        parameters.get(name + ".weight"),
        parameters.get(name + ".bias"),
        config.layerNormEpsilon());
  }

  /** One product for the named layers. */
  static TrainableLinear linear(Kernels kernels, TrainableParameters parameters, String... names) {
    List<Variable> weights = new ArrayList<>();
    List<Variable> biases = new ArrayList<>();
    for (String name : names) {
      weights.add(parameters.get(name + ".weight"));
      biases.add(parameters.get(name + ".bias"));
    }
    return new TrainableLinear(kernels, weights, biases);
  }

  private final class Layer {
    private final int index;
    private final int heads;
    private final TrainableLinear queryKeyValue;
    private final TrainableLinear output;
    private final TrainableLinear expand;
    private final TrainableLinear contract;

    Layer(Kernels kernels, int index) {
      this.index = index;
      heads = LayerShape.of(config, index, parameters::shape).attention() / config.headSize();
      queryKeyValue = linear(kernels, parameters, queryKeyValueNames().toArray(String[]::new));
      output = linear(kernels, parameters, OUTPUT.module(index));
      expand = linear(kernels, parameters, EXPAND.module(index));
      contract = linear(kernels, parameters, CONTRACT.module(index));
    }

    private List<String> queryKeyValueNames() {
      return QUERY_KEY_VALUE.stream().map(part -> part.module(index)).toList();
    }

    void forEachLinear(BiConsumer<List<String>, TrainableLinear> visit) {
      visit.accept(queryKeyValueNames(), queryKeyValue);
      visit.accept(List.of(OUTPUT.module(index)), output);
      visit.accept(List.of(EXPAND.module(index)), expand);
      visit.accept(List.of(CONTRACT.module(index)), contract);
    }

    /** Continues from the last hidden states. */
    void forward(Tape tape, RaggedBatch batch, States states) {
      Variable x = states.last();
      Variable qkv = tape.linear(x, queryKeyValue);
      Variable context =
          tape.attention(
              qkv, batch, heads, config.headSize(), attentionDropout, config.paddingId());
      states.queryKeyValue.add(qkv);
      states.context.add(context);
      Variable attended = tape.dropoutAdd(tape.linear(context, output), x, hiddenDropout);
      Variable y = norm(tape, attended, ATTENTION_NORM.module(index));
      Variable expanded = tape.gelu(tape.linear(y, expand));
      Variable transformed = tape.dropoutAdd(tape.linear(expanded, contract), y, hiddenDropout);
      states.hidden.add(norm(tape, transformed, OUTPUT_NORM.module(index)));
    }
  }
}
