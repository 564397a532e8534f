package ernie4j.engine.encoder;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.kernels.Kernels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * A BERT-shaped encoder ready to run: token ids in, hidden states {@code [tokens, hidden]} out. The
 * weights are packed once and never change, so one encoder serves any number of threads, each with
 * a workspace of its own.
 *
 * <pre>{@code
 * Encoder encoder = Encoder.of(model.config(), model.parameters());
 * EncoderWorkspace workspace = encoder.newWorkspace();
 * encoder.forward(RaggedBatch.of(new int[] {1, 61, 7, 504, 2}), workspace);
 * float[] hidden = workspace.hidden(); // token t starts at t * workspace.hiddenSize()
 * }</pre>
 */
public final class Encoder {
  /** What a masked key adds to its scores; finite, so that a row of masked keys gives no NaN. */
  private static final float MASKED = -10000f;

  private final Kernels kernels;
  private final EncoderConfig config;
  private final EmbeddingLayer embeddings;
  private final List<EncoderLayer> layers;

  private Encoder(Kernels kernels, EncoderConfig config, ParameterSource parameters) {
    this.kernels = kernels;
    this.config = config;
    ParallelBuild parts = new ParallelBuild();
    Supplier<EmbeddingLayer> first =
        parts.add(() -> new EmbeddingLayer(kernels, config, parameters));
    List<Supplier<EncoderLayer>> others = new ArrayList<>();
    for (int i = 0; i < config.layers(); i++) {
      int index = i;
      others.add(parts.add(() -> new EncoderLayer(kernels, config, parameters, index)));
    }
    parts.run();
    embeddings = first.get();
    layers = others.stream().map(Supplier::get).toList();
  }

  /** An encoder on the kernels that suit this JVM. */
  public static Encoder of(EncoderConfig config, ParameterSource parameters) {
    return of(config, parameters, Kernels.best());
  }

  /**
   * An encoder on the given kernels. Its parts take their weights from the source in several
   * threads, as many as there are processors.
   *
   * @param parameters the body under its Paddle names; heads and pooler may be absent
   * @throws IllegalArgumentException if a parameter is missing or its shape does not fit
   */
  public static Encoder of(EncoderConfig config, ParameterSource parameters, Kernels kernels) {
    return new Encoder(kernels, config, parameters);
  }

  public EncoderConfig config() {
    return config;
  }

  /** The kernels that this encoder computes with; its heads should use the same. */
  public Kernels kernels() {
    return kernels;
  }

  /** Scratch for one thread. */
  public EncoderWorkspace newWorkspace() {
    int attention = layers.stream().mapToInt(EncoderLayer::attentionWidth).max().orElseThrow();
    int intermediate =
        layers.stream().mapToInt(EncoderLayer::intermediateWidth).max().orElseThrow();
    return new EncoderWorkspace(config.hiddenSize(), attention, intermediate);
  }

  /**
   * Computes the hidden states of the last layer into the workspace.
   *
   * @throws IllegalArgumentException if a sequence is longer than the model's positions or an id is
   *     outside its table; the workspace then still holds the previous result's batch
   */
  public void forward(RaggedBatch batch, EncoderWorkspace workspace) {
    forward(batch, workspace, layers.size());
  }

  /** Runs the embeddings and the first {@code depth} layers. */
  void forward(RaggedBatch batch, EncoderWorkspace workspace, int depth) {
    BatchCheck.check(config, batch);
    workspace.prepare(batch, kernels.attentionScratch(batch.longest(), config.headSize()));
    boolean masked = fillKeyBias(batch, workspace.keyBias);
    embeddings.forward(batch, workspace);
    for (int i = 0; i < depth; i++) {
      layers.get(i).forward(batch, workspace, masked);
    }
  }

  private boolean fillKeyBias(RaggedBatch batch, float[] keyBias) {
    boolean masked = false;
    for (int t = 0; t < batch.tokens(); t++) {
      boolean visible = batch.isVisible(t, config.paddingId());
      keyBias[t] = visible ? 0f : MASKED;
      masked |= !visible;
    }
    return masked;
  }

  /**
   * Gets this encoder to full speed, for a service that wants its first request to be as fast as
   * all others: the JVM has to compile the kernels first. An encoder that is not warmed up computes
   * the same results, slower in its first second.
   *
   * <pre>{@code
   * Encoder encoder = Encoder.of(model.config(), model.parameters());
   * if (!encoder.warmUp(Duration.ofSeconds(10))) {
   *   logger.warn("the encoder may be slow at first");
   * }
   * }</pre>
   *
   * @param limit how long this may take at most
   * @return true if all computing is done by {@link #kernels()} as named and repeated passes get no
   *     faster; false if the time was over before or the JVM could not compile the vector kernels
   */
  public boolean warmUp(Duration limit) {
    return new WarmUp(this, limit).run();
  }
}
