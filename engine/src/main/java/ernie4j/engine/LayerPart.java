package ernie4j.engine;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The parts of an encoder layer that have parameters, in Paddle's order: what they are called and
 * which sizes of the layer they have. Encoder and training, pruning, importers and exporters all
 * read this table.
 *
 * <p>A linear part is {@code weight [in, out]} and {@code bias [out]}, a norm has a weight and a
 * bias of {@code [hidden]}.
 */
public enum LayerPart {
  QUERY("self_attn.q_proj", Axis.HIDDEN, Axis.ATTENTION),
  KEY("self_attn.k_proj", Axis.HIDDEN, Axis.ATTENTION),
  VALUE("self_attn.v_proj", Axis.HIDDEN, Axis.ATTENTION),
  /** From the context of all heads back to the hidden state. */
  OUTPUT("self_attn.out_proj", Axis.ATTENTION, Axis.HIDDEN),
  /** The first layer of the feed-forward part. */
  EXPAND("linear1", Axis.HIDDEN, Axis.INTERMEDIATE),
  /** The second layer of the feed-forward part. */
  CONTRACT("linear2", Axis.INTERMEDIATE, Axis.HIDDEN),
  /** Behind the attention and its residual addition. */
  ATTENTION_NORM("norm1"),
  /** Behind the feed-forward part and its residual addition. */
  OUTPUT_NORM("norm2");

  /** The sizes of a layer. Width pruning makes all but the first smaller. */
  public enum Axis {
    /** The width of the hidden states. */
    HIDDEN,
    /** The columns of all heads together. */
    ATTENTION,
    /** The neurons of the feed-forward part. */
    INTERMEDIATE
  }

  /** Query, key and value, which read the same input and can be one product. */
  public static final List<LayerPart> QUERY_KEY_VALUE = List.of(QUERY, KEY, VALUE);

  private static final List<LayerPart> LINEAR =
      List.copyOf(Arrays.stream(values()).filter(LayerPart::isLinear).collect(Collectors.toList()));

  private final String name;
  private final Axis in;
  private final Axis out;
  private final boolean linear;

  LayerPart(String name, Axis in, Axis out) {
    this(name, in, out, true);
  }

  LayerPart(String name) {
    this(name, Axis.HIDDEN, Axis.HIDDEN, false);
  }

  LayerPart(String name, Axis in, Axis out, boolean linear) {
    this.name = name;
    this.in = in;
    this.out = out;
    this.linear = linear;
  }

  /** The linear parts in their order. */
  public static List<LayerPart> linear() {
    return LINEAR;
  }

  /** Whether this is a linear layer; otherwise it is a norm. */
  public boolean isLinear() {
    return linear;
  }

  /** The size of what a linear part reads, the rows of its weight. */
  public Axis in() {
    return in;
  }

  /** The size of what it gives, the columns of its weight and its bias. */
  public Axis out() {
    return out;
  }

  /** The name within a layer, for example {@code self_attn.q_proj}. */
  public String paddleName() {
    return name;
  }

  /** The name in a layer, for example {@code ernie.encoder.layers.0.self_attn.q_proj}. */
  public String module(int layer) {
    return ParameterNames.LAYERS + layer + "." + name;
  }

  /** The name of its weight in a layer. */
  public String weight(int layer) {
    return module(layer) + ".weight";
  }

  /** The name of its bias in a layer. */
  public String bias(int layer) {
    return module(layer) + ".bias";
  }
}
