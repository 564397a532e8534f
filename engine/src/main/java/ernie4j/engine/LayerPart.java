package ernie4j.engine;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The parts of an encoder layer that have parameters, in Paddle's order, with their names and their
 * sizes. Encoder, training, pruning, importers and exporters all read this table.
 *
 * <p>A linear part has a {@code weight [in, out]} and a {@code bias [out]}; a norm has a weight and
 * a bias of {@code [hidden]}.
 */
public enum LayerPart {
  /** The projection of the hidden states to the queries of all heads. */
  QUERY("self_attn.q_proj", Axis.HIDDEN, Axis.ATTENTION),
  /** The projection of the hidden states to the keys of all heads. */
  KEY("self_attn.k_proj", Axis.HIDDEN, Axis.ATTENTION),
  /** The projection of the hidden states to the values of all heads. */
  VALUE("self_attn.v_proj", Axis.HIDDEN, Axis.ATTENTION),
  /** The projection of the context of all heads back to the hidden states. */
  OUTPUT("self_attn.out_proj", Axis.ATTENTION, Axis.HIDDEN),
  /** The first layer of the feed-forward part. */
  EXPAND("linear1", Axis.HIDDEN, Axis.INTERMEDIATE),
  /** The second layer of the feed-forward part. */
  CONTRACT("linear2", Axis.INTERMEDIATE, Axis.HIDDEN),
  /** The norm after the attention and its residual addition. */
  ATTENTION_NORM("norm1"),
  /** The norm after the feed-forward part and its residual addition. */
  OUTPUT_NORM("norm2");

  /** The sizes of a layer. Width pruning reduces all but the first. */
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

  /** {@return the linear parts in their order, unmodifiable} */
  public static List<LayerPart> linear() {
    return LINEAR;
  }

  /** {@return whether this is a linear layer; otherwise it is a norm} */
  public boolean isLinear() {
    return linear;
  }

  /** {@return the size of the input of a linear part: the rows of its weight} */
  public Axis in() {
    return in;
  }

  /**
   * {@return the size of the output: the columns of the weight of a linear part, and the length of
   * the bias}
   */
  public Axis out() {
    return out;
  }

  /** {@return the name within a layer, for example {@code self_attn.q_proj}} */
  public String paddleName() {
    return name;
  }

  /**
   * Returns the name of this part in a layer.
   *
   * @param layer index of the layer, from 0
   * @return the name, for example {@code ernie.encoder.layers.0.self_attn.q_proj}
   */
  public String module(int layer) {
    return ParameterNames.LAYERS + layer + "." + name;
  }

  /**
   * Returns the name of the weight of this part in a layer.
   *
   * @param layer index of the layer, from 0
   * @return the name, that of {@link #module} with {@code .weight}
   */
  public String weight(int layer) {
    return module(layer) + ".weight";
  }

  /**
   * Returns the name of the bias of this part in a layer.
   *
   * @param layer index of the layer, from 0
   * @return the name, that of {@link #module} with {@code .bias}
   */
  public String bias(int layer) {
    return module(layer) + ".bias";
  }
}
