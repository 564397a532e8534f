package ernie4j.bench.onnx;

import static ernie4j.engine.ParameterNames.POOLER;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.head.HeadNames;
import ernie4j.zoo.onnx.OnnxExport;
import ernie4j.zoo.onnx.OnnxModel;
import ernie4j.zoo.onnx.OnnxModel.Attribute;
import java.util.List;

/**
 * An encoder as an ONNX graph: {@code input_ids} [batch, length] int64 in, {@code
 * last_hidden_state} [batch, length, hidden] out, token types 0, without padding unless the graph
 * has a mask.
 *
 * <p>The fused form uses ONNX Runtime's own operations (Attention over one [hidden, 3 x hidden]
 * weight or MultiHeadAttention, SkipLayerNormalization, BiasGelu), which its transformer optimizer
 * would produce; it is the fastest form on its CPU provider. The plain form is what {@link
 * OnnxExport} writes for users; it shows what the fusion is worth and checks the fused one. The
 * int8 form is the fused one with other products.
 */
public final class BertOnnxGraph {
  private static final String NO_MASK = "";

  private BertOnnxGraph() {}

  /** The graph of ONNX Runtime's fused operations. */
  public static OnnxModel fused(EncoderConfig config, ParameterSource parameters) {
    return withHiddenStates(fusedForm(config, parameters, WeightProducts.FLOAT));
  }

  /**
   * The fused graph with int8 weights; every product finds the scale of its input by itself.
   *
   * @param parameters floats, quantized here as {@link ernie4j.quant.ColumnQuantizer#quantize} does
   */
  public static OnnxModel int8(EncoderConfig config, ParameterSource parameters) {
    return withHiddenStates(fusedForm(config, parameters, WeightProducts.INT8));
  }

  /**
   * The fused graph with a second input {@code attention_mask} [batch, length] int64: 1 for a
   * token, 0 for padding. Hidden states of padding mean nothing.
   */
  public static OnnxModel fusedWithMask(EncoderConfig config, ParameterSource parameters) {
    GraphParts parts = parts(config, parameters, WeightProducts.FLOAT);
    String mask = parts.model().input("attention_mask", "batch", "length");
    return withHiddenStates(new FusedForm(parts, parts.toInt32(mask)));
  }

  /**
   * The graph of standard operations. It has more inputs, {@code attention_mask} and {@code
   * token_type_ids}, and one more output if the model has a pooler.
   */
  public static OnnxModel plain(EncoderConfig config, ParameterSource parameters) {
    return OnnxExport.encoder(config, parameters);
  }

  /**
   * The fused graph with the heads of JointErnie instead of the hidden states: {@code
   * intent_logits} [batch, 1, intents] and {@code slot_logits} [batch, length, slots].
   */
  public static OnnxModel joint(EncoderConfig config, ParameterSource parameters) {
    FusedForm form = fusedForm(config, parameters, WeightProducts.FLOAT);
    GraphParts parts = form.parts();
    OnnxModel model = parts.model();
    String hidden = encode(form);
    String first =
        model.node("Gather", List.of(hidden, model.integers("first", 0)), new Attribute("axis", 1));
    String pooled = model.node("Tanh", List.of(parts.linear(POOLER, first)));
    String intents = parts.linear(HeadNames.INTENT_CLASSIFIER, pooled);
    String slots = parts.linear(HeadNames.SLOT_CLASSIFIER, hidden);
    model.output(
        "intent_logits", intents, "batch", "1", outputs(parameters, HeadNames.INTENT_CLASSIFIER));
    model.output(
        "slot_logits", slots, "batch", "length", outputs(parameters, HeadNames.SLOT_CLASSIFIER));
    return model;
  }

  private static String outputs(ParameterSource parameters, String linear) {
    return Integer.toString(parameters.get(linear + ".bias").size());
  }

  private static GraphParts parts(
      EncoderConfig config, ParameterSource parameters, WeightProducts products) {
    return new GraphParts(new OnnxModel(), config, parameters, products);
  }

  private static FusedForm fusedForm(
      EncoderConfig config, ParameterSource parameters, WeightProducts products) {
    return new FusedForm(parts(config, parameters, products), NO_MASK);
  }

  private static OnnxModel withHiddenStates(FusedForm form) {
    String hidden = encode(form);
    GraphParts parts = form.parts();
    parts
        .model()
        .output(
            "last_hidden_state",
            hidden,
            "batch",
            "length",
            Integer.toString(parts.config().hiddenSize()));
    return parts.model();
  }

  private static String encode(FusedForm form) {
    GraphParts parts = form.parts();
    String hidden = form.embeddings(parts.model().input("input_ids", "batch", "length"));
    for (int i = 0; i < parts.config().layers(); i++) {
      hidden = form.layer(i, hidden);
    }
    return hidden;
  }
}
