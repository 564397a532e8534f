package ernie4j.engine.encoder;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.Parallel;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.kernels.Kernels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A BERT-shaped encoder that is ready to run: token ids in, hidden states {@code [tokens, hidden]}
 * out. The weights are packed once and never change, so one encoder serves any number of threads,
 * each with its own workspace, and one caller may use several threads for a pass. {@link
 * ExecutionOptions} determine which threads compute, and how much is computed at once.
 *
 * <pre>{@code
 * Encoder encoder = Encoder.of(model.config(), model.parameters());
 * EncoderWorkspace workspace = encoder.newWorkspace();
 * encoder.forward(RaggedBatch.of(new int[] {1, 61, 7, 504, 2}), workspace);
 * float[] hidden = workspace.hidden(); // token t starts at t * workspace.hiddenSize()
 * }</pre>
 */
public final class Encoder implements AutoCloseable {
  /** Added to the scores of a masked key; finite, so that a row of masked keys gives no NaN. */
  private static final float MASKED = -10000f;

  private final Kernels kernels;
  private final EncoderConfig config;
  private final EmbeddingLayer embeddings;
  private final List<EncoderLayer> layers;
  private final WorkspacePool workspaces;

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
    layers = others.stream().map(Supplier::get).collect(Collectors.toList());
    workspaces = new WorkspacePool(ExecutionOptions.defaults(), this::workspace);
  }

  /** The same weights with other workspaces and threads. */
  private Encoder(Encoder other, ExecutionOptions options) {
    kernels = other.kernels;
    config = other.config;
    embeddings = other.embeddings;
    layers = other.layers;
    workspaces = new WorkspacePool(options, this::workspace);
  }

  /**
   * Makes an encoder that computes with the fastest kernels of this JVM.
   *
   * @param config the shape of the encoder
   * @param parameters the weights of the encoder under their Paddle names; heads and pooler may be
   *     absent
   * @return the encoder
   * @throws IllegalArgumentException if a parameter is missing or its shape does not fit
   */
  public static Encoder of(EncoderConfig config, ParameterSource parameters) {
    return of(config, parameters, Kernels.best());
  }

  /**
   * Makes an encoder that computes with the given kernels. Its parts read and pack their weights in
   * several threads, as many as there are processors.
   *
   * @param config the shape of the encoder
   * @param parameters the weights of the encoder under their Paddle names; heads and pooler may be
   *     absent
   * @param kernels the kernels to compute with
   * @return the encoder
   * @throws IllegalArgumentException if a parameter is missing or its shape does not fit
   */
  public static Encoder of(EncoderConfig config, ParameterSource parameters, Kernels kernels) {
    return new Encoder(kernels, config, parameters);
  }

  /**
   * Returns an encoder over the same weights with its own workspaces, limits and threads. It is
   * closed on its own.
   *
   * @param options the threads and limits
   * @return the new encoder
   */
  public Encoder withExecution(ExecutionOptions options) {
    return new Encoder(this, options);
  }

  /** {@return how this encoder computes the passes for which it lends a workspace} */
  public ExecutionOptions execution() {
    return workspaces.options();
  }

  /** {@return the shape of this encoder} */
  public EncoderConfig config() {
    return config;
  }

  /** {@return the kernels that this encoder computes with; its heads should use the same} */
  public Kernels kernels() {
    return kernels;
  }

  /**
   * Makes a workspace for one caller that computes in its own thread only.
   *
   * @return a new workspace
   * @throws IllegalStateException if this encoder was closed
   */
  public EncoderWorkspace newWorkspace() {
    return newWorkspace(Parallel.serial());
  }

  /**
   * Makes a workspace for one caller whose forward passes are shared among threads. Results are the
   * same for any number of threads.
   *
   * @param parallel the threads; belongs to this workspace from now on, and the caller closes it
   * @return a new workspace
   * @throws IllegalStateException if this encoder was closed
   */
  public EncoderWorkspace newWorkspace(Parallel parallel) {
    workspaces.requireOpen();
    return workspace(parallel);
  }

  private EncoderWorkspace workspace(Parallel parallel) {
    return new EncoderWorkspace(config.hiddenSize(), embeddings, layers, parallel);
  }

  /**
   * Computes the hidden states of the last layer into a workspace.
   *
   * @param batch the token ids
   * @param workspace a workspace of this encoder, used by no other thread; {@link
   *     EncoderWorkspace#hidden} then holds the result
   * @throws IllegalArgumentException if a sequence is longer than the model's positions or an id is
   *     outside its table; the workspace then still holds the previous batch
   * @throws IllegalStateException if this encoder was closed
   */
  public void forward(RaggedBatch batch, EncoderWorkspace workspace) {
    forward(batch, workspace, layers.size());
  }

  /**
   * Computes the hidden states in a workspace that this encoder lends, and passes it to a function.
   * Any number of threads may call this at once; those over the limits of {@link #execution} wait
   * their turn. An interrupt ends this waiting, but not a running pass.
   *
   * @param <T> the type of the result
   * @param batch the token ids
   * @param use computes the result from the workspace and keeps no reference to it; must not wait
   *     for other callers, who may be waiting for its workspace
   * @return the result of {@code use}
   * @throws IllegalArgumentException as {@link #forward(RaggedBatch, EncoderWorkspace)}
   * @throws IllegalStateException if this encoder was closed
   * @throws CancellationException if the thread is interrupted while it waits; it stays interrupted
   */
  public <T> T forward(RaggedBatch batch, Function<? super EncoderWorkspace, ? extends T> use) {
    BatchCheck.check(config, batch);
    EncoderWorkspace workspace = workspaces.lend(batch.tokens());
    try {
      compute(batch, workspace, layers.size());
      return use.apply(workspace);
    } finally {
      workspaces.giveBack(workspace);
    }
  }

  WorkspacePool workspaces() {
    return workspaces;
  }

  /** Runs the embeddings and the first {@code depth} layers. */
  void forward(RaggedBatch batch, EncoderWorkspace workspace, int depth) {
    workspaces.requireOpen();
    BatchCheck.check(config, batch);
    compute(batch, workspace, depth);
  }

  private void compute(RaggedBatch batch, EncoderWorkspace workspace, int depth) {
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
   * Brings this encoder to full speed, for a service whose first request must be as fast as all
   * others: the JVM has to compile the kernels first. An encoder without warm-up computes the same
   * results, but more slowly in its first second.
   *
   * <pre>{@code
   * Encoder encoder = Encoder.of(model.config(), model.parameters());
   * if (!encoder.warmUp(Duration.ofSeconds(10))) {
   *   logger.warn("the encoder may be slow at first");
   * }
   * }</pre>
   *
   * @param limit the most time that this may take
   * @return true if {@link #kernels()} do all computing and repeated passes get no faster; false if
   *     the time ran out first, or the JVM has not compiled the vector kernels of inference in time
   */
  public boolean warmUp(Duration limit) {
    return new WarmUp(this, limit).run();
  }

  /**
   * Releases the workspaces and ends the threads that belong to this encoder. Passes that already
   * run are completed; a call that waits or comes later throws {@link IllegalStateException}.
   * Closing is optional: an encoder that is no longer referenced is released anyway, with its
   * threads.
   */
  @Override
  public void close() {
    workspaces.close();
  }
}
