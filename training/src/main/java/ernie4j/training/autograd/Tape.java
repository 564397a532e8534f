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
 * <p>Gradients of parameters accumulate over several passes; results and their gradients are valid
 * until the next {@link #reset}. The results do not depend on the number of threads. Operations
 * throw an {@link IllegalArgumentException} if shapes do not match.
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

  /**
   * An empty tape in training mode.
   *
   * @param kernels the arithmetic to compute with
   * @param parallel the threads to compute on; stays open
   */
  public Tape(Kernels kernels, Parallel parallel) {
    this.kernels = kernels;
    this.parallel = parallel;
    this.attentionWorkspaces = new AttentionWorkspaces(kernels, parallel.threads());
    this.productWorkspace = new ProductWorkspace(kernels);
  }

  /** {@return the arithmetic of the operations} */
  public Kernels kernels() {
    return kernels;
  }

  /** {@return the threads of the operations} */
  public Parallel parallel() {
    return parallel;
  }

  /**
   * Forgets the recorded operations. Their results must no longer be used.
   *
   * @param key the seed of dropout in the next pass; the same key gives the same masks
   */
  public void reset(long key) {
    backward.clear();
    buffers.reset();
    dropoutKey = key;
  }

  /**
   * Switches between training, in which dropout and observers are active, and evaluation, in which
   * dropout is the identity and observers do not change.
   *
   * @param active true for training, the initial state; false for evaluation
   */
  public void setTraining(boolean active) {
    training = active;
  }

  /**
   * {@return whether the tape is in training mode, as it is initially, rather than in evaluation
   * mode}
   */
  public boolean isTraining() {
    return training;
  }

  /** A separate key for every dropout of a pass. */
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
   * Runs a pass whose results are targets, for example a teacher's. They are valid until the next
   * {@link #reset} like all others, but nothing is recorded, so no gradient flows into the pass.
   *
   * @param <T> the type of the result
   * @param pass the operations to run on this tape
   * @return what the pass returns
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

  /** The gradient of x, zero if none has arrived yet, for backward passes that add to it. */
  float[] gradientToAddTo(Variable x) {
    if (!x.hasGradient()) {
      float[] zeros = buffer(x.size());
      Arrays.fill(zeros, 0, x.size(), 0f);
      x.adoptGradient(zeros);
    }
    return x.gradient();
  }

  /**
   * Adds an array to the gradient of x. If x has no gradient yet, the array becomes its gradient,
   * so nothing else may use the array any more.
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
   * Adds the gradient of the loss to that of every parameter that it depends on.
   *
   * @param loss a result of this tape, [1, 1]
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

  /**
   * Computes {@code X W + b} for one or more layers side by side; see {@link TrainableLinear}.
   *
   * @param x input, [rows, in]
   * @param layer the product of the layers
   * @return [rows, out], where {@code out} is the sum over the layers
   */
  public Variable linear(Variable x, TrainableLinear layer) {
    return layer.apply(this, x);
  }

  /**
   * Computes {@code X E^T + b}: a score for every row of an embedding.
   *
   * @param x input, [rows, hidden]
   * @param embedding E, [vocabulary, hidden]
   * @param bias b, [1, vocabulary]
   * @return scores, [rows, vocabulary]
   */
  public Variable tiedDecoder(Variable x, Variable embedding, Variable bias) {
    return TiedDecoder.apply(this, x, embedding, bias);
  }

  /**
   * Adds up the embedding rows of every token.
   *
   * @param batch token sequences
   * @param tables the embedding tables
   * @return [tokens, hidden]
   */
  public Variable embeddings(RaggedBatch batch, EmbeddingTables tables) {
    return EmbeddingSum.apply(this, batch, tables);
  }

  /**
   * Computes self-attention within every sequence.
   *
   * @param queryKeyValue Q, K and V side by side, [tokens, 3 heads headSize]
   * @param batch the token sequences that the rows belong to
   * @param heads the number of attention heads
   * @param headSize the columns of one head
   * @param dropout the dropout of the attention probabilities, in [0, 1)
   * @param paddingId tokens with this id are not attended to
   * @return the context, [tokens, heads headSize]
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
   * Quantizes x with one scale and dequantizes it. The gradient is straight-through: {@code dx =
   * dy} everywhere, even beyond the scale, as in the reference.
   *
   * @param x any matrix
   * @param quantizer the rounding and the number of bits
   * @param scale the magnitude that maps to the largest code, at least 0
   * @return the dequantized values, of the same shape
   * @throws IllegalArgumentException if the scale is negative, infinite or NaN
   */
  public Variable fakeQuantize(Variable x, FakeQuantizer quantizer, float scale) {
    return FakeQuantization.apply(this, x, quantizer, scale);
  }

  /**
   * Computes {@code x - relu(x - a) + relu(-a - x)}: x clipped to [-a, a], where a is the single
   * value of {@code limit} (PACT, Choi et al., 2018). Beyond the limit, the gradient goes to a,
   * with the sign of x, and not to x.
   *
   * @param x any matrix
   * @param limit a, [1, 1]
   * @return the clipped values, of the same shape
   * @throws IllegalArgumentException if a is negative or NaN
   */
  public Variable clip(Variable x, Variable limit) {
    return FakeQuantization.clip(this, x, limit);
  }

  /**
   * Finds the largest magnitude in x. This is not an operation, so nothing is recorded.
   *
   * @param x any matrix
   * @return the largest magnitude; NaN if x contains NaN
   */
  public float absMax(Variable x) {
    return FakeQuantization.absMax(this, x);
  }

  /**
   * Computes the layer norm of every row.
   *
   * @param x input, [rows, columns]
   * @param gamma scale, [1, columns]
   * @param beta shift, [1, columns]
   * @param epsilon added to the variance
   * @return [rows, columns]
   */
  public Variable layerNorm(Variable x, Variable gamma, Variable beta, float epsilon) {
    return LayerNormOperation.apply(this, x, gamma, beta, epsilon);
  }

  /**
   * Computes GELU with the exact erf.
   *
   * @param x any matrix
   * @return of the same shape
   */
  public Variable gelu(Variable x) {
    return Activations.gelu(this, x);
  }

  /**
   * Computes the hyperbolic tangent.
   *
   * @param x any matrix
   * @return of the same shape
   */
  public Variable tanh(Variable x) {
    return Activations.tanh(this, x);
  }

  /**
   * Computes inverted dropout; in evaluation mode, it is the identity.
   *
   * @param x any matrix
   * @param probability the share of values to drop, in [0, 1)
   * @return of the same shape
   */
  public Variable dropout(Variable x, float probability) {
    return Activations.dropout(this, x, probability);
  }

  /**
   * Computes {@code dropout(x) + residual}.
   *
   * @param x any matrix
   * @param residual a matrix of the same shape
   * @param probability the share of values of x to drop, in [0, 1)
   * @return of the same shape
   */
  public Variable dropoutAdd(Variable x, Variable residual, float probability) {
    return Activations.dropoutAdd(this, x, residual, probability);
  }

  /**
   * Computes {@code a + b}.
   *
   * @param a any matrix
   * @param b a matrix of the same shape
   * @return of the same shape
   */
  public Variable add(Variable a, Variable b) {
    return Activations.dropoutAdd(this, a, b, 0f);
  }

  /**
   * Copies the leading rows and columns of {@code full} to {@code block} and clears the gradient of
   * the block; the backward pass adds that gradient to the one of {@code full}. Record this before
   * the operations that use the block.
   *
   * @param full a parameter
   * @param block a parameter of at most that shape, the same one in every step, so that layers can
   *     keep a reference to it
   */
  public void leadingBlock(Variable full, Variable block) {
    LeadingBlock.apply(this, full, block);
  }

  /**
   * Selects rows, for example the first token of every sequence.
   *
   * @param x input, [rows, columns]
   * @param indices indices of rows, in any order
   * @return the selected rows, [indices, columns]
   */
  public Variable selectRows(Variable x, int... indices) {
    return RowSelection.apply(this, x, indices);
  }

  /**
   * Computes the mean cross entropy of softmax(logits) against one label per row.
   *
   * @param logits [rows, classes]
   * @param labels one class per row, counted from 0, or {@code ignoredLabel}
   * @param ignoredLabel rows with this label do not count
   * @param mean what the sum is divided by
   * @return the loss, [1, 1]; 0 if no row counts
   */
  public Variable crossEntropy(Variable logits, int[] labels, int ignoredLabel, LossMean mean) {
    return Losses.crossEntropy(this, logits, labels, ignoredLabel, mean);
  }

  /**
   * Computes the cross entropy over the tokens of every sequence, for the start or the end of an
   * answer, as a mean over the sequences that count.
   *
   * @param logits [tokens, 2]
   * @param column the column of the logits, 0 or 1
   * @param batch the token sequences that the rows belong to
   * @param positions one token index per sequence, clipped to [0, length]; sequences with the index
   *     {@code length} are ignored
   * @return the loss, [1, 1]; 0 if no sequence counts
   */
  public Variable positionCrossEntropy(
      Variable logits, int column, RaggedBatch batch, int[] positions) {
    return Losses.positionCrossEntropy(this, logits, column, batch, positions);
  }

  /**
   * Computes the cross entropy over the tokens of every sequence against a teacher's probabilities
   * of the start or the end of an answer: of softmax(logits / t) against softmax(teacher / t), both
   * over the rows of a sequence in one column, as a mean over the sequences.
   *
   * @param logits [tokens, 2]
   * @param column the column of the logits, 0 or 1
   * @param batch the token sequences that the rows belong to
   * @param teacher logits of the same shape; they receive no gradient
   * @param temperature t; the loss is not multiplied by its square
   * @return the loss, [1, 1]
   */
  public Variable softPositionCrossEntropy(
      Variable logits, int column, RaggedBatch batch, Variable teacher, float temperature) {
    return Losses.softPositionCrossEntropy(this, logits, column, batch, teacher, temperature);
  }

  /**
   * Computes the mean over the rows of the cross entropy of softmax(logits / t) against
   * softmax(teacher / t).
   *
   * @param logits [rows, classes]
   * @param teacher logits of the same shape; they receive no gradient
   * @param temperature t, 1 in the reference; the loss is not multiplied by its square
   * @return the loss, [1, 1]
   */
  public Variable softCrossEntropy(Variable logits, Variable teacher, float temperature) {
    return Losses.softCrossEntropy(this, logits, teacher, temperature);
  }

  /**
   * Computes the symmetric divergence of two predictions: the mean over the rows of half the sum of
   * both Kullback-Leibler divergences between softmax(a) and softmax(b). Both receive gradients.
   *
   * @param a logits
   * @param b logits of the same shape
   * @return the loss, [1, 1]
   */
  public Variable symmetricDivergence(Variable a, Variable b) {
    return SymmetricDivergence.apply(this, a, b);
  }

  /**
   * Computes the mean squared difference to a teacher's matrix.
   *
   * @param x any matrix
   * @param teacher a matrix of the same shape; it receives no gradient
   * @return the loss, [1, 1]
   */
  public Variable meanSquaredError(Variable x, Variable teacher) {
    return Losses.meanSquaredError(this, x, teacher);
  }

  /**
   * Measures how far relations are from a teacher's: the last stage of MiniLMv2 (Wang et al. 2020).
   * Query, key and value are each cut into relation heads. For X, one head of the tokens of a
   * sequence, the relations are {@code softmax(X X^T / sqrt(width / heads))}. The loss is the
   * Kullback-Leibler divergence of the student's relations from the teacher's, summed over query,
   * key and value and averaged over tokens and relation heads. X may also be the heads of one
   * token, or the tokens at the same position of all sequences. The widths of student and teacher
   * may differ.
   *
   * @param queryKeyValue the student's query, key and value side by side, {@code [tokens, 3 width]}
   * @param teacher the same of the teacher, with its own width; it receives no gradient
   * @param batch the token sequences that the rows belong to
   * @param relationHeads the number of relation heads; divides both widths
   * @param paddingId no token relates to tokens with this id, as in attention
   * @param weights the weight of each kind of relation
   * @return the loss, [1, 1]
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
   * Computes the mean squared difference to labels.
   *
   * @param x any matrix
   * @param labels one value for each of x, row by row; NaN is unknown and does not count
   * @return the loss, [1, 1]; 0 if no label is known
   */
  public Variable meanSquaredError(Variable x, float[] labels) {
    return Losses.meanSquaredError(this, x, labels);
  }

  /**
   * Computes the mean binary cross entropy of sigmoid(logits) against labels.
   *
   * @param logits any matrix
   * @param labels one value from 0 to 1 for each logit, row by row; NaN is unknown and does not
   *     count
   * @return the loss, [1, 1]; 0 if no label is known
   */
  public Variable binaryCrossEntropy(Variable logits, float[] labels) {
    return Losses.binaryCrossEntropy(this, logits, labels);
  }

  /**
   * Computes the mean binary cross entropy of sigmoid(logits / t) against sigmoid(teacher / t).
   *
   * @param logits any matrix
   * @param teacher logits of the same shape; they receive no gradient
   * @param temperature t; the loss is not multiplied by its square
   * @return the loss, [1, 1]
   */
  public Variable softBinaryCrossEntropy(Variable logits, Variable teacher, float temperature) {
    return Losses.softBinaryCrossEntropy(this, logits, teacher, temperature);
  }

  /**
   * Computes {@code factor * x}.
   *
   * @param x any matrix
   * @param factor the number to multiply by
   * @return of the same shape
   */
  public Variable scale(Variable x, float factor) {
    return Activations.scale(this, x, factor);
  }
}
