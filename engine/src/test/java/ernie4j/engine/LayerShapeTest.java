package ernie4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ernie4j.engine.encoder.Encoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LayerShapeTest {
  /** Four heads of three columns. */
  private static final EncoderConfig CONFIG = EncoderConfig.ernie(20, 12, 2, 4, 10, 8);

  private static ParameterStore parameters() {
    ParameterStore store = new ParameterStore();
    ParameterNames.shapes(CONFIG).forEach((name, shape) -> store.put(name, Tensor.zeros(shape)));
    return store;
  }

  private static void resize(ParameterStore store, LayerPart part, int in, int out) {
    store.replace(part.weight(1), Tensor.zeros(in, out));
    store.replace(part.bias(1), Tensor.zeros(out));
  }

  private static void assertRefused(ParameterStore store, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LayerShape.of(CONFIG, 1, store::shape))
        .withMessage(message);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Encoder.of(CONFIG, store))
        .withMessage(message);
  }

  @Test
  void aPrunedLayerHasItsOwnSizes() {
    ParameterStore store = parameters();
    LayerPart.QUERY_KEY_VALUE.forEach(part -> resize(store, part, 12, 6));
    resize(store, LayerPart.OUTPUT, 6, 12);
    resize(store, LayerPart.EXPAND, 12, 7);
    resize(store, LayerPart.CONTRACT, 7, 12);
    assertThat(LayerShape.of(CONFIG, 0, store::shape)).isEqualTo(LayerShape.unpruned(CONFIG));
    assertThat(LayerShape.of(CONFIG, 1, store::shape)).isEqualTo(new LayerShape(12, 6, 7));
    assertThat(Encoder.of(CONFIG, store)).isNotNull();
  }

  /** The sum of all columns is that of three times the same number of heads. */
  @ParameterizedTest
  @CsvSource({
    "6, 12, 9, KEY, 6",
    "12, 6, 6, KEY, 12",
    "9, 6, 12, KEY, 9",
    "9, 9, 12, VALUE, 9",
    "6, 6, 12, VALUE, 6"
  })
  void queryKeyAndValueMustEachHaveTheSameHeads(
      int query, int key, int value, LayerPart wrong, int expected) {
    ParameterStore store = parameters();
    resize(store, LayerPart.QUERY, 12, query);
    resize(store, LayerPart.KEY, 12, key);
    resize(store, LayerPart.VALUE, 12, value);
    resize(store, LayerPart.OUTPUT, (query + key + value) / 3, 12);
    assertRefused(
        store,
        "Parameter '%s': expected shape [12, %d], got [12, %d]"
            .formatted(wrong.weight(1), expected, wrong == LayerPart.KEY ? key : value));
  }

  @Test
  void refusesPartsOfHeadsAndAnOutputOfAnotherWidth() {
    ParameterStore halves = parameters();
    LayerPart.QUERY_KEY_VALUE.forEach(part -> resize(halves, part, 12, 8));
    assertRefused(
        halves,
        "Parameter 'ernie.encoder.layers.1.self_attn.q_proj.weight': expected shape [12, a multiple of the head size 3], got [12, 8]");
    ParameterStore output = parameters();
    LayerPart.QUERY_KEY_VALUE.forEach(part -> resize(output, part, 12, 6));
    assertRefused(
        output,
        "Parameter 'ernie.encoder.layers.1.self_attn.out_proj.weight': expected shape [6, 12], got [12, 12]");
  }

  @ParameterizedTest
  @EnumSource
  void everyParameterOfALayerIsChecked(LayerPart part) {
    for (String name : List.of(part.weight(1), part.bias(1))) {
      ParameterStore store = parameters();
      int[] shape = store.shape(name);
      shape[shape.length - 1]++;
      store.replace(name, Tensor.zeros(shape));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> LayerShape.of(CONFIG, 1, store::shape))
          .withMessageContaining("expected shape ")
          .withMessageContaining("ernie.encoder.layers.1." + part.paddleName());
    }
  }

  @Test
  void namesAndTheirOrderAreThoseOfPaddle() {
    List<String> names = new ArrayList<>();
    for (LayerPart part : LayerPart.values()) {
      names.add(part.module(11) + Arrays.toString(LayerShape.unpruned(CONFIG).weight(part)));
    }
    assertThat(names)
        .containsExactly(
            "ernie.encoder.layers.11.self_attn.q_proj[12, 12]",
            "ernie.encoder.layers.11.self_attn.k_proj[12, 12]",
            "ernie.encoder.layers.11.self_attn.v_proj[12, 12]",
            "ernie.encoder.layers.11.self_attn.out_proj[12, 12]",
            "ernie.encoder.layers.11.linear1[12, 10]",
            "ernie.encoder.layers.11.linear2[10, 12]",
            "ernie.encoder.layers.11.norm1[12]",
            "ernie.encoder.layers.11.norm2[12]");
  }
}
