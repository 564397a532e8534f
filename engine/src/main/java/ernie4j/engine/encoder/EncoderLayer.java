package ernie4j.engine.encoder;

import static ernie4j.engine.LayerPart.ATTENTION_NORM;
import static ernie4j.engine.LayerPart.CONTRACT;
import static ernie4j.engine.LayerPart.EXPAND;
import static ernie4j.engine.LayerPart.KEY;
import static ernie4j.engine.LayerPart.OUTPUT;
import static ernie4j.engine.LayerPart.OUTPUT_NORM;
import static ernie4j.engine.LayerPart.QUERY;
import static ernie4j.engine.LayerPart.VALUE;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.LayerShape;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.kernels.Epilogue;
import ernie4j.engine.kernels.Kernels;

/**
 * One post-norm transformer layer: {@code Y = norm1(X + attention(X))}, {@code X' = norm2(Y + W2
 * gelu(W1 Y))}. Width pruning shows in the shapes: fewer heads, fewer intermediate columns.
 */
final class EncoderLayer {
  private final Kernels kernels;
  private final int heads;
  private final int headSize;
  private final float scale;
  private final Linear queryKeyValue;
  private final Linear output;
  private final Linear expand;
  private final Linear contract;
  private final LayerNorm attentionNorm;
  private final LayerNorm outputNorm;

  EncoderLayer(Kernels kernels, EncoderConfig config, ParameterSource parameters, int index) {
    this.kernels = kernels;
    int hidden = config.hiddenSize();
    float epsilon = config.layerNormEpsilon();
    headSize = config.headSize();
    scale = (float) (1 / Math.sqrt(headSize));
    LayerShape shape = LayerShape.of(config, index, parameters::shape);
    int width = shape.attention();
    heads = width / headSize;
    queryKeyValue =
        Linear.of(
            kernels,
            parameters,
            hidden,
            QUERY.module(index),
            KEY.module(index),
            VALUE.module(index));
    output = Linear.of(kernels, parameters, width, OUTPUT.module(index));
    expand = Linear.of(kernels, parameters, hidden, EXPAND.module(index));
    contract = Linear.of(kernels, parameters, shape.intermediate(), CONTRACT.module(index));
    attentionNorm =
        LayerNorm.of(kernels, parameters, hidden, epsilon, ATTENTION_NORM.module(index));
    outputNorm = LayerNorm.of(kernels, parameters, hidden, epsilon, OUTPUT_NORM.module(index));
  }

  int attentionWidth() {
    return heads * headSize;
  }

  int intermediateWidth() {
    return expand.out();
  }

  int heads() {
    return heads;
  }

  /** Query, key and value of the tokens {@code [first, first + rows)}. */
  void project(EncoderWorkspace w, int first, int rows) {
    int width = 3 * attentionWidth();
    int hidden = output.out();
    queryKeyValue.apply(rows, w.hidden, first * hidden, hidden, w.qkv, first * width, width);
  }

  /** Attention of the heads {@code [head, head + count)} of one sequence. */
  void attend(EncoderWorkspace w, int first, int tokens, int head, int count, float[] scratch) {
    int width = attentionWidth();
    int q = first * 3 * width + head * headSize;
    kernels.attention(
        tokens,
        count,
        headSize,
        scale,
        w.qkv,
        q,
        q + width,
        q + 2 * width,
        3 * width,
        w.masked ? w.keyBias : null,
        first,
        w.context,
        first * width + head * headSize,
        width,
        scratch);
  }

  /** Everything after the attention for the tokens {@code [first, first + rows)}. */
  void transform(EncoderWorkspace w, int first, int rows, float[] intermediate) {
    int hidden = output.out();
    int width = attentionWidth();
    int at = first * hidden;
    output.apply(rows, w.context, first * width, width, w.projection, at, hidden);
    attentionNorm.apply(first, rows, w.hidden, w.projection);
    expand.apply(Epilogue.GELU, rows, w.hidden, at, hidden, intermediate, 0, expand.out());
    contract.apply(rows, intermediate, 0, expand.out(), w.projection, at, hidden);
    outputNorm.apply(first, rows, w.hidden, w.projection);
  }
}
