package ernie4j.engine.encoder;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.Parallel;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.kernels.Kernels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A BERT-shaped encoder ready to run: token ids in, hidden states {@code [tokens, hidden]} out. The
 * weights are packed once and never change, so one encoder serves any number of threads, each with
 * a workspace of its own, and one caller may use several threads for a pass.
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

  /** Workspaces that nobody uses at the moment. */
  private final Queue<EncoderWorkspace> idle = new ConcurrentLinkedQueue<>();

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

  /** Scratch for one caller that computes in its own thread only. */
  public EncoderWorkspace newWorkspace() {
    return newWorkspace(Parallel.serial());
  }

  /**
   * Scratch for one caller whose forward passes are shared among threads; results are the same for
   * any number of them.
   *
   * @param parallel belongs to this workspace from now on; the caller closes it
   */
  public EncoderWorkspace newWorkspace(Parallel parallel) {
    return new EncoderWorkspace(config.hiddenSize(), embeddings, layers, parallel);
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

  /**
   * Computes the hidden states in a workspace that this encoder lends, and what the caller makes of
   * them. Any number of threads may call this at once: there are as many workspaces as there were
   * callers at the same time. A pass over many tokens is shared among as many threads of the common
   * pool as there are processors.
   *
   * @param use reads the workspace and keeps nothing of it
   * @throws IllegalArgumentException as {@link #forward(RaggedBatch, EncoderWorkspace)}
   */
  public <T> T forward(RaggedBatch batch, Function<? super EncoderWorkspace, ? extends T> use) {
    EncoderWorkspace workspace = idle.poll();
    if (workspace == null) {
      int processors = Runtime.getRuntime().availableProcessors();
      workspace = newWorkspace(Parallel.on(ForkJoinPool.commonPool(), processors));
    }
    try {
      forward(batch, workspace);
      return use.apply(workspace);
    } finally {
      idle.add(workspace);
    }
  }

  /** Runs the embeddings and the first {@code depth} layers. */
  void forward(RaggedBatch batch, EncoderWorkspace workspace, int depth) {
    BatchCheck.check(config, batch);
    workspace.prepare(batch, kernels.attentionScratch(batch.longest(), config.headSize()));
    workspace.masked = fillKeyBias(batch, workspace.keyBias);
    workspace.pass().run(batch, depth);
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
   *     faster; false if the time was over before or the JVM has not compiled the vector kernels of
   *     inference in good time
   */
  public boolean warmUp(Duration limit) {
    return new WarmUp(this, limit).run();
  }
}
