package ernie4j.training.autograd;

import ernie4j.engine.Parallel;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.kernels.Kernels;
import ernie4j.quant.FakeQuantizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * Records the operations of a forward pass and runs them backwards.
 *
 * <pre>{@code
 * tape.reset(stepKey);                          // forget the last step, reuse its arrays
 * Variable loss = model.loss(tape, batch, ...); // operations record themselves
 * tape.backward(loss);                          // parameters' gradients have grown
 * }</pre>
 *
 * <p>Gradients of parameters accumulate over several passes; those of results live until the next
 * {@link #reset}. The results do not depend on the number of threads.
 */
public final class Tape {
  private final Kernels kernels;
  private final Parallel parallel;
  private final Buffers buffers = new Buffers();
  private final List<Runnable> backward = new ArrayList<>();
  private final AttentionWorkspaces attentionWorkspaces;
  private final ProductWorkspace productWorkspace;
  private boolean training = true;
  private boolean recording = true;
  private long dropoutKey;

  public Tape(Kernels kernels, Parallel parallel) {
    this.kernels = kernels;
    this.parallel = parallel;
    this.attentionWorkspaces = new AttentionWorkspaces(kernels, parallel.threads());
    this.productWorkspace = new ProductWorkspace(kernels);
  }

  public Kernels kernels() {
    return kernels;
  }

  public Parallel parallel() {
    return parallel;
  }

  /**
   * Forgets the recorded operations; their results must not be used any more.
   *
   * @param key seeds the dropout of the next pass: the same key gives the same masks
   */
  public void reset(long key) {
    backward.clear();
    buffers.reset();
    dropoutKey = key;
  }

  /**
   * Whether dropout is active and observers observe (training), or dropout is the identity and
   * observers keep still (evaluation).
   */
  public void setTraining(boolean active) {
    training = active;
  }

  /** Whether this is training, as at the start, or evaluation. */
  public boolean isTraining() {
    return training;
  }

  /** A key of its own for every dropout of a pass. */
  long nextDropoutKey() {
    // The increment of SplitMix64: far apart in all bits, never the same within a pass.
    dropoutKey += 0x9E3779B97F4A7C15L;
    return dropoutKey ^ (dropoutKey >>> 29);
  }

  float effectiveDropout(float probability) {
    return training ? probability : 0f;
  }

  float[] buffer(int length) {
    return buffers.take(length);
  }

  Variable result(int rows, int columns, boolean needsGradient) {
    return Variable.result(rows, columns, buffer(Math.multiplyExact(rows, columns)), needsGradient);
  }

  void record(Runnable step) {
    if (recording) {
      backward.add(step);
    }
  }

  /**
   * Runs a pass whose results are targets, for example a teacher's: they live until the next {@link
   * #reset} like all others, but nothing is recorded, so that no gradient ever flows into the pass.
   */
  public <T> T unrecorded(Supplier<T> pass) {
    boolean before = recording;
    recording = false;
    try {
      return pass.get();
    } finally {
      recording = before;
    }
  }

  AttentionWorkspaces attentionWorkspaces() {
    return attentionWorkspaces;
  }

  ProductWorkspace productWorkspace() {
    return productWorkspace;
  }

  /** The gradient of x, zero if none has arrived yet: for backward passes that add. */
  float[] gradientToAddTo(Variable x) {
    if (!x.hasGradient()) {
      float[] zeros = buffer(x.size());
      Arrays.fill(zeros, 0, x.size(), 0f);
      x.adoptGradient(zeros);
    }
    return x.gradient();
  }

  /**
   * Adds an array that nobody else needs any more to the gradient of x, by taking it if x has none.
   */
  void addGradient(Variable x, float[] values) {
    if (x.hasGradient()) {
      float[] sum = x.gradient();
      parallel.run(x.size(), 1024, (part, from, to) -> Elementwise.add(sum, values, from, to));
    } else {
      x.adoptGradient(values);
    }
  }

  /**
   * Adds the gradients of the loss to every parameter that it depends on.
   *
   * @throws IllegalArgumentException if the loss is not a single value
   */
  public void backward(Variable loss) {
    if (loss.size() != 1) {
      throw new IllegalArgumentException(
          "Tape.backward: expected a single loss value, got a matrix [%d, %d]"
              .formatted(loss.rows(), loss.columns()));
    }
    float[] one = buffer(1);
    one[0] = 1f;
    loss.adoptGradient(one);
    for (int i = backward.size() - 1; i >= 0; i--) {
      backward.get(i).run();
    }
  }

  /** {@code X W + b} for one or more layers side by side; see {@link TrainableLinear}. */
  public Variable linear(Variable x, TrainableLinear layer) {
    return layer.apply(this, x);
  }

  /** {@code X E^T + b}: scores of every row of an embedding E {@code [vocabulary, hidden]}. */
  public Variable tiedDecoder(Variable x, Variable embedding, Variable bias) {
    return TiedDecoder.apply(this, x, embedding, bias);
  }

  /** The sum of embedding rows for every token of a batch. */
  public Variable embeddings(RaggedBatch batch, EmbeddingTables tables) {
    return EmbeddingSum.apply(this, batch, tables);
  }

  /**
   * Self-attention of every sequence from {@code [tokens, 3 heads headSize]} (Q, K, V side by
   * side).
   */
  public Variable attention(
      Variable queryKeyValue,
      RaggedBatch batch,
      int heads,
      int headSize,
      float dropout,
      int paddingId) {
    return Attention.apply(this, queryKeyValue, batch, heads, headSize, dropout, paddingId);
  }

  /**
   * x quantized and dequantized with one scale, and a straight-through gradient: {@code dx = dy}
   * everywhere, also beyond the scale, as in the reference.
   *
   * @throws IllegalArgumentException if the scale is negative, infinite or NaN
   */
  public Variable fakeQuantize(Variable x, FakeQuantizer quantizer, float scale) {
    return FakeQuantization.apply(this, x, quantizer, scale);
  }

  /**
   * {@code x - relu(x - a) + relu(-a - x)}: x clipped to [-a, a], where a is the one value of
   * {@code limit} (PACT, Choi et al., 2018). Beyond a the gradient goes to a, with the sign of x,
   * and not to x.
   *
   * @throws IllegalArgumentException if a is negative or NaN
   */
  public Variable clip(Variable x, Variable limit) {
    return FakeQuantization.clip(this, x, limit);
  }

  /** The largest magnitude in x, NaN if x has NaN: not an operation, nothing is recorded. */
  public float absMax(Variable x) {
    return FakeQuantization.absMax(this, x);
  }

  /** Layer norm of every row with scale gamma {@code [1, columns]} and shift beta. */
  public Variable layerNorm(Variable x, Variable gamma, Variable beta, float epsilon) {
    return LayerNormOperation.apply(this, x, gamma, beta, epsilon);
  }

  /** GELU with the exact erf. */
  public Variable gelu(Variable x) {
    return Activations.gelu(this, x);
  }

  public Variable tanh(Variable x) {
    return Activations.tanh(this, x);
  }

  /** Inverted dropout; the identity when not training. */
  public Variable dropout(Variable x, float probability) {
    return Activations.dropout(this, x, probability);
  }

  /** {@code dropout(x) + residual}. */
  public Variable dropoutAdd(Variable x, Variable residual, float probability) {
    return Activations.dropoutAdd(this, x, residual, probability);
  }

  /** {@code a + b} of matrices of one shape. */
  public Variable add(Variable a, Variable b) {
    return Activations.dropoutAdd(this, a, b, 0f);
  }

  /**
   * Gives {@code block} the leading rows and columns of {@code full} and clears its gradient;
   * backward adds that gradient to {@code full}'s. Record it before the operations that use the
   * block.
   *
   * @param block a parameter of at most full's shape, the same one from step to step, so that
   *     layers can hold on to it
   */
  public void leadingBlock(Variable full, Variable block) {
    LeadingBlock.apply(this, full, block);
  }

  /** The rows with the given indices, for example every sequence's first token. */
  public Variable selectRows(Variable x, int... indices) {
    return RowSelection.apply(this, x, indices);
  }

  /**
   * Mean cross entropy of softmax(logits) against one label per row; 0 if none counts.
   *
   * @param ignoredLabel rows with this label do not count
   */
  public Variable crossEntropy(Variable logits, int[] labels, int ignoredLabel, LossMean mean) {
    return Losses.crossEntropy(this, logits, labels, ignoredLabel, mean);
  }

  /**
   * Cross entropy over the tokens of every sequence, for the start or the end of an answer; mean
   * over the sequences that count, 0 if none does.
   *
   * @param column the column of the logits {@code [tokens, 2]}
   * @param positions one token index per sequence, clipped to [0, length]; length itself is ignored
   */
  public Variable positionCrossEntropy(
      Variable logits, int column, RaggedBatch batch, int[] positions) {
    return Losses.positionCrossEntropy(this, logits, column, batch, positions);
  }

  /**
   * Cross entropy over the tokens of every sequence against a teacher's probabilities of the start
   * or the end of an answer: of softmax(logits / t) against softmax(teacher / t), both over the
   * rows of a sequence in one column; mean over the sequences.
   *
   * @param column the column of the logits {@code [tokens, 2]}
   * @param teacher logits of the same shape; a target, it receives no gradient
   * @param temperature t; the loss is not multiplied by its square
   */
  public Variable softPositionCrossEntropy(
      Variable logits, int column, RaggedBatch batch, Variable teacher, float temperature) {
    return Losses.softPositionCrossEntropy(this, logits, column, batch, teacher, temperature);
  }

  /**
   * Mean over the rows of the cross entropy of softmax(logits / t) against softmax(teacher / t).
   *
   * @param teacher logits of the same shape; a target, it receives no gradient
   * @param temperature t, 1 in the reference
   */
  public Variable softCrossEntropy(Variable logits, Variable teacher, float temperature) {
    return Losses.softCrossEntropy(this, logits, teacher, temperature);
  }

  /** Mean squared difference to a teacher's matrix, which is a target and gets no gradient. */
  public Variable meanSquaredError(Variable x, Variable teacher) {
    return Losses.meanSquaredError(this, x, teacher);
  }

  /**
   * How far relations are from a teacher's: the last stage of MiniLMv2 (Wang et al. 2020). Query,
   * key and value are each cut into relation heads. For X, one head of the tokens of a sequence,
   * the relations are {@code softmax(X X^T / sqrt(width / heads))}; the loss is the
   * Kullback-Leibler divergence of the student's from the teacher's, summed over query, key and
   * value, mean over tokens and relation heads. X may also be the heads of one token, or the tokens
   * at one position of all sequences. Widths may differ.
   *
   * @param queryKeyValue the student's query, key and value side by side, {@code [tokens, 3 width]}
   * @param teacher the teacher's; a target, it receives no gradient
   * @param relationHeads divides both widths
   * @param paddingId tokens with this id are nobody's relation, as in attention
   * @param weights how much each kind of relation counts
   */
  public Variable relationLoss(
      Variable queryKeyValue,
      Variable teacher,
      RaggedBatch batch,
      int relationHeads,
      int paddingId,
      RelationWeights weights) {
    return RelationLoss.apply(
        this, queryKeyValue, teacher, batch, relationHeads, paddingId, weights);
  }

  /**
   * Mean squared difference to labels of the same shape. Labels that are NaN are unknown and do not
   * count; 0 if all are.
   */
  public Variable meanSquaredError(Variable x, float[] labels) {
    return Losses.meanSquaredError(this, x, labels);
  }

  /**
   * Mean binary cross entropy of sigmoid(logits) against labels of the same shape. Labels that are
   * NaN are unknown and do not count; 0 if all are.
   */
  public Variable binaryCrossEntropy(Variable logits, float[] labels) {
    return Losses.binaryCrossEntropy(this, logits, labels);
  }

  /**
   * Mean binary cross entropy of sigmoid(logits / t) against sigmoid(teacher / t).
   *
   * @param teacher logits of the same shape; a target, it receives no gradient
   * @param temperature t; the loss is not multiplied by its square
   */
  public Variable softBinaryCrossEntropy(Variable logits, Variable teacher, float temperature) {
    return Losses.softBinaryCrossEntropy(this, logits, teacher, temperature);
  }

  /** {@code factor * x}. */
  public Variable scale(Variable x, float factor) {
    return Activations.scale(this, x, factor);
  }
}
