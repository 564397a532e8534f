package ernie4j.engine.encoder;

import ernie4j.engine.Parallel;
import ernie4j.engine.RaggedBatch;
import java.util.List;

/**
 * The order of work in a forward pass. Only attention mixes tokens; everything else is done row by
 * row. So a layer is two loops: attention over pairs of sequence and head, and all products, norms
 * and GELU between two attentions over blocks of tokens, whose values stay in the cache of the core
 * that works on them. The loops' bodies are made once, so that a pass allocates nothing.
 */
final class ForwardPass {
  /**
   * Tokens of a block. A block reads all weights of a layer once, from memory if the model is
   * large: blocks of 64 were up to 7 % slower, even at only 128 tokens.
   */
  private static final int BLOCK = 256;

  /** Below this many tokens, waking a helper costs more than it gains. */
  private static final int LEAST_PER_THREAD = 16;

  /** Rows of most tiles: blocks that are not a multiple of this end with tiles of fewer rows. */
  private static final int TILE = 8;

  private final EmbeddingLayer embeddings;
  private final List<EncoderLayer> layers;
  private final EncoderWorkspace workspace;
  private final Parallel parallel;
  private final Parallel.Body begin = this::begin;
  private final Parallel.Body attention = this::attention;
  private final Parallel.Body transform = this::transform;

  private RaggedBatch batch;
  private int layer;
  private int depth;
  private int block = BLOCK;
  private boolean alone;
  private int tokens;

  ForwardPass(
      EmbeddingLayer embeddings,
      List<EncoderLayer> layers,
      EncoderWorkspace workspace,
      Parallel parallel) {
    this.embeddings = embeddings;
    this.layers = layers;
    this.workspace = workspace;
    this.parallel = parallel;
    this.batch = RaggedBatch.of(new int[1]);
  }

  /** Decides how a pass over so many tokens is partitioned, and thus which scratch it needs. */
  void plan(int newTokens) {
    tokens = newTokens;
    alone = tokens < 2 * LEAST_PER_THREAD;
    int share = (tokens + parallel.threads() - 1) / parallel.threads();
    block = Math.min(BLOCK, Math.max(LEAST_PER_THREAD, (share + TILE - 1) / TILE * TILE));
  }

  /** How many threads need scratch of their own for the planned pass. */
  int workers() {
    return alone ? 1 : parallel.threads();
  }

  /** Rows of {@link EncoderWorkspace#intermediate} for the planned pass. */
  int blockRows() {
    return Math.min(block, tokens);
  }

  /** Runs the embeddings and the first layers over the batch that was planned for. */
  void run(RaggedBatch newBatch, int layersToRun) {
    batch = newBatch;
    depth = layersToRun;
    try {
      loop(tokens, block, begin);
      for (layer = 0; layer < depth; layer++) {
        loop(batch.sequences() * layers.get(layer).heads(), 1, attention);
        loop(tokens, block, transform);
      }
    } finally {
      parallel.rest();
    }
  }

  /** Whether helpers may still compute although {@link #run} has ended. */
  boolean isRunning() {
    return parallel.isRunning();
  }

  private void loop(int count, int grain, Parallel.Body body) {
    if (alone) {
      body.run(0, 0, count);
    } else {
      parallel.run(count, grain, body);
    }
  }

  private void begin(int worker, int from, int to) {
    for (int first = from; first < to; first += block) {
      int end = Math.min(to, first + block);
      embeddings.forward(batch, first, end, workspace.hidden);
      if (depth > 0) {
        layers.get(0).project(workspace, first, end - first);
      }
    }
  }

  private void attention(int worker, int from, int to) {
    EncoderLayer current = layers.get(layer);
    int heads = current.heads();
    float[] scratch = workspace.attentionScratch(worker);
    for (int pair = from; pair < to; ) {
      int sequence = pair / heads;
      int head = pair % heads;
      int count = Math.min(to - pair, heads - head);
      current.attend(
          workspace, batch.start(sequence), batch.length(sequence), head, count, scratch);
      pair += count;
    }
  }

  private void transform(int worker, int from, int to) {
    EncoderLayer current = layers.get(layer);
    float[] intermediate = workspace.intermediate(worker);
    for (int first = from; first < to; first += block) {
      int rows = Math.min(block, to - first);
      current.transform(workspace, first, rows, intermediate);
      if (layer + 1 < depth) {
        layers.get(layer + 1).project(workspace, first, rows);
      }
    }
  }
}
