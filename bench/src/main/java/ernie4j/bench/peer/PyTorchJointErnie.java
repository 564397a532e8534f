package ernie4j.bench.peer;

import static ernie4j.engine.LayerPart.ATTENTION_NORM;
import static ernie4j.engine.LayerPart.CONTRACT;
import static ernie4j.engine.LayerPart.EXPAND;
import static ernie4j.engine.LayerPart.KEY;
import static ernie4j.engine.LayerPart.OUTPUT;
import static ernie4j.engine.LayerPart.OUTPUT_NORM;
import static ernie4j.engine.LayerPart.QUERY;
import static ernie4j.engine.LayerPart.VALUE;
import static ernie4j.engine.ParameterNames.EMBEDDINGS_NORM;
import static ernie4j.engine.ParameterNames.POOLER;
import static ernie4j.engine.ParameterNames.POSITION_EMBEDDINGS;
import static ernie4j.engine.ParameterNames.TOKEN_TYPE_EMBEDDINGS;
import static ernie4j.engine.ParameterNames.WORD_EMBEDDINGS;
import static ernie4j.engine.head.HeadNames.INTENT_CLASSIFIER;
import static ernie4j.engine.head.HeadNames.SLOT_CLASSIFIER;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Embedding;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.norm.LayerNorm;
import ernie4j.engine.EncoderConfig;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The forward pass of JointErnie in PyTorch operations: one native call for each linear layer,
 * layer norm, GELU, softmax and look-up. Every array is made inside the caller's NDScope.
 */
final class PyTorchJointErnie {
  private final EncoderConfig config;
  private final Map<String, NDArray> parameters;
  private final float dropout;

  /**
   * A model over parameters with Paddle's names and PyTorch's layout, [out, in].
   *
   * @param dropout the one probability of all dropouts
   */
  PyTorchJointErnie(EncoderConfig config, Map<String, NDArray> parameters, float dropout) {
    this.config = config;
    this.parameters = parameters;
    this.dropout = dropout;
  }

  /**
   * Intent loss plus slot loss.
   *
   * @param ids [batch, length] int64
   * @param intents [batch, 1] int64
   * @param slots [batch, length] int64; 0 does not count
   * @param slotCount how many of the slot labels are not 0
   */
  NDArray loss(NDArray ids, NDArray intents, NDArray slots, int slotCount) {
    NDArray hidden = encode(ids, paddingMask(ids));
    NDArray pooled = linear(POOLER, hidden.get(new NDIndex(":, 0"))).tanh();
    NDArray slotLogits = linear(SLOT_CLASSIFIER, drop(hidden));
    NDArray intentLogits = linear(INTENT_CLASSIFIER, drop(pooled));
    NDArray intentLoss = intentLogits.logSoftmax(-1).gather(intents, 1).mean().neg();
    NDArray counts = slots.neq(0).toType(DataType.FLOAT32, false);
    NDArray slotLoss =
        slotLogits
            .logSoftmax(-1)
            .gather(slots.expandDims(-1), 2)
            .squeeze(-1)
            .mul(counts)
            .sum()
            .div(constant(slots, -Math.max(1, slotCount)));
    return intentLoss.add(slotLoss);
  }

  private NDArray paddingMask(NDArray ids) {
    return ids.eq(config.paddingId())
        .toType(DataType.FLOAT32, false)
        .mul(-10000f)
        .expandDims(1)
        .expandDims(1);
  }

  /**
   * The hidden states of the last layer, [batch, length, hidden].
   *
   * @param ids [batch, length] int64
   * @param mask added to the scores, [batch, 1, 1, length]; null if there is no padding
   */
  NDArray encode(NDArray ids, @Nullable NDArray mask) {
    long length = ids.getShape().get(1);
    NDArray sum =
        Embedding.embedding(ids, parameter(WORD_EMBEDDINGS), SparseFormat.DENSE)
            .singletonOrThrow()
            .add(parameter(POSITION_EMBEDDINGS).get(new NDIndex(":" + length)))
            .add(parameter(TOKEN_TYPE_EMBEDDINGS).get(new NDIndex("0")));
    NDArray hidden = drop(norm(EMBEDDINGS_NORM, sum));
    for (int i = 0; i < config.layers(); i++) {
      hidden = encoderLayer(i, hidden, mask);
    }
    return hidden;
  }

  private NDArray encoderLayer(int i, NDArray hidden, @Nullable NDArray mask) {
    NDArray attention = drop(linear(OUTPUT.module(i), attend(i, hidden, mask)));
    NDArray middle = norm(ATTENTION_NORM.module(i), hidden.add(attention));
    NDArray wide = Activation.gelu(linear(EXPAND.module(i), middle));
    return norm(OUTPUT_NORM.module(i), middle.add(drop(linear(CONTRACT.module(i), wide))));
  }

  private NDArray attend(int i, NDArray hidden, @Nullable NDArray mask) {
    NDArray query = linear(QUERY.module(i), hidden);
    NDArray key = linear(KEY.module(i), hidden);
    NDArray value = linear(VALUE.module(i), hidden);
    float scale = (float) (1 / Math.sqrt(config.headSize()));
    NDArray scores = heads(query.mul(constant(query, scale))).matMul(heads(key).swapAxes(2, 3));
    NDArray seen = mask == null ? scores : scores.add(mask);
    NDArray weights = drop(seen.softmax(-1));
    return weights.matMul(heads(value)).transpose(0, 2, 1, 3).reshape(hidden.getShape());
  }

  /** [batch, length, hidden] to [batch, heads, length, head size]. */
  private NDArray heads(NDArray x) {
    Shape shape = x.getShape();
    return x.reshape(shape.get(0), shape.get(1), config.attentionHeads(), config.headSize())
        .transpose(0, 2, 1, 3);
  }

  private NDArray linear(String module, NDArray x) {
    return Linear.linear(x, parameter(module + ".weight"), parameter(module + ".bias"))
        .singletonOrThrow();
  }

  private NDArray norm(String module, NDArray x) {
    NDArray weight = parameter(module + ".weight");
    return LayerNorm.layerNorm(
            x, weight.getShape(), weight, parameter(module + ".bias"), config.layerNormEpsilon())
        .singletonOrThrow();
  }

  private NDArray drop(NDArray x) {
    return dropout == 0 ? x : Dropout.dropout(x, dropout, true).singletonOrThrow();
  }

  /**
   * A factor that lives as long as the scope of the step. DJL's own {@code mul(Number)} closes its
   * factor at once: autograd still holds the tensor, but its memory is a Java buffer, which the
   * next collection frees before the backward pass has read it.
   */
  private static NDArray constant(NDArray other, float value) {
    return other.getManager().create(value);
  }

  private NDArray parameter(String name) {
    NDArray parameter = parameters.get(name);
    if (parameter == null) {
      throw new IllegalArgumentException("PyTorchJointErnie: there is no parameter " + name);
    }
    return parameter;
  }
}
