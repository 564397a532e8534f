package ernie4j.training.pruning;

import static ernie4j.engine.GoldenModel.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.Golden;
import ernie4j.engine.GoldenModel;
import ernie4j.engine.LayerPart;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.Tensor;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.encoder.EncoderWorkspace;
import ernie4j.engine.file.SafetensorsFile;
import ernie4j.engine.head.Head;
import ernie4j.engine.head.Task;
import ernie4j.engine.kernels.Kernels;
import ernie4j.training.model.RandomParameters;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reordered and pruned weights against the golden ones, bit by bit, and what is refused. */
class WidthPrunerTest {
  private static final EncoderConfig TINY = EncoderConfig.ernie(20, 24, 2, 4, 48, 16);

  private static ParameterStore reordered(SafetensorsFile file, EncoderConfig config)
      throws IOException {
    Importance importance =
        new Importance(
            rows(file.doubles("quirk.head_importance"), config.attentionHeads()),
            rows(file.doubles("quirk.neuron_importance"), config.intermediateSize()));
    return WidthPruner.reorder(config, GoldenModel.parameters("e.safetensors"), importance);
  }

  private static List<double[]> rows(double[] values, int columns) {
    List<double[]> rows = new ArrayList<>();
    for (int from = 0; from < values.length; from += columns) {
      rows.add(Arrays.copyOfRange(values, from, from + columns));
    }
    return rows;
  }

  private static void assertSame(ParameterSource actual, ParameterSource expected) {
    assertThat(actual.names()).containsExactlyInAnyOrderElementsOf(expected.names());
    for (String name : expected.names()) {
      assertThat(actual.shape(name)).as(name).isEqualTo(expected.shape(name));
      assertThat(actual.get(name).toArray()).as(name).isEqualTo(expected.get(name).toArray());
    }
  }

  @Test
  void reorderedWeightsMatchTheGoldenOnes() throws IOException {
    EncoderConfig config = GoldenModel.config("e.json");
    SafetensorsFile file = Golden.file("dynabert.safetensors");
    ParameterStore before = GoldenModel.parameters("e.safetensors");
    assertSame(
        reordered(file, config),
        GoldenModel.parameters("e.safetensors", "e.reordered.safetensors"));
    assertSame(GoldenModel.parameters("e.safetensors"), before);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.5, 0.75, 1.0})
  void subModelsAndTheirOutputsMatchTheGoldenOnes(double width) throws IOException {
    EncoderConfig config = GoldenModel.config("e.json");
    SafetensorsFile file = Golden.file("dynabert.safetensors");
    ParameterStore full = reordered(file, config);
    ParameterStore pruned = WidthPruner.prune(config, full, width);
    assertSame(
        pruned, width == 1.0 ? full : GoldenModel.parameters("e.width_" + width + ".safetensors"));
    Encoder encoder = Encoder.of(config, pruned, Kernels.best());
    Head head = Head.of(encoder, Task.JOINT_INTENT_SLOTS, pruned);
    EncoderWorkspace workspace = encoder.newWorkspace();
    encoder.forward(GoldenModel.batch(file, "batch0."), workspace);
    String prefix = "w" + width + ".";
    assertClose("hidden", workspace.hidden(), file.doubles(prefix + "layer1"), 2e-5);
    double[] intents = file.doubles(prefix + "intent_logits");
    List<float[]> logits = head.logits(workspace);
    assertClose("intents", logits.get(0), intents, 2e-5);
    assertClose("slots", logits.get(1), file.doubles(prefix + "slot_logits"), 2e-5);
  }

  @Test
  void secondWidthIsAlsoCutFromTheFullModel() {
    ParameterStore full = RandomParameters.encoder(TINY, 3);
    ParameterStore alone = WidthPruner.prune(TINY, full, 0.5);
    WidthPruner.prune(TINY, full, 0.75);
    assertSame(WidthPruner.prune(TINY, full, 0.5), alone);
    String name = LayerPart.QUERY.weight(1);
    assertThat(alone.get(name).shape()).containsExactly(24, 12);
    assertThat(alone.get(name).get(12)).isEqualTo(full.get(name).get(24));
  }

  @Test
  void widthThatCutsAHeadIsRefusedWithTheWidthsThatWork() {
    EncoderConfig pico = EncoderConfig.ernie(20, 128, 3, 2, 512, 16);
    ParameterStore store = RandomParameters.encoder(pico, 1);
    assertThatThrownBy(() -> WidthPruner.prune(pico, store, 0.75))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 of 2 heads, 96 of 128 attention columns")
        .hasMessageContaining("widths 0.5, 1.0");
    assertThatThrownBy(() -> WidthPruner.prune(pico, store, 0.4))
        .hasMessageContaining("0 of 2 heads");
    for (double width : new double[] {0, -0.5, 1.01, Double.NaN}) {
      assertThatThrownBy(() -> WidthPruner.prune(pico, store, width))
          .hasMessageContaining("expected a width in (0, 1], got " + width);
    }
  }

  @Test
  void suggestedWidthsWork() {
    for (int heads : new int[] {3, 4, 7, 12}) {
      EncoderConfig config = EncoderConfig.ernie(20, 26 * heads, 1, heads, 104 * heads, 16);
      for (int kept = 1; kept <= heads; kept++) {
        double width = Math.ceil(kept * 1e4 / heads) / 1e4;
        assertThat(SubModelShape.of(config, width).heads()).isEqualTo(kept);
      }
    }
    assertThat(SubModelShape.of(EncoderConfig.ernie(20, 100, 1, 100, 100, 16), 0.29).heads())
        .isEqualTo(29);
  }

  @Test
  void otherModelsAreRefusedByParameter() {
    ParameterStore full = RandomParameters.encoder(TINY, 3);
    ParameterStore pruned = WidthPruner.prune(TINY, full, 0.5);
    assertThatThrownBy(() -> WidthPruner.prune(TINY, pruned, 0.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("q_proj.weight': expected shape [24, 24], got [24, 12]")
        .hasMessageContaining("unpruned");
    ParameterStore missing = RandomParameters.encoder(TINY, 3);
    missing.remove(LayerPart.CONTRACT.bias(1));
    assertThatThrownBy(() -> WidthPruner.prune(TINY, missing, 0.5))
        .hasMessageContaining("1.linear2.bias': expected shape [24], got no such parameter");
    EncoderConfig deeper = EncoderConfig.ernie(20, 24, 3, 4, 48, 16);
    ParameterStore three = RandomParameters.encoder(deeper, 3);
    assertThatThrownBy(() -> WidthPruner.prune(TINY, three, 0.5))
        .hasMessageContaining("expected a model of 2 layers, got a parameter");
  }

  @Test
  void nonFiniteNumbersAreRefusedWithTheirIndex() {
    String name = LayerPart.EXPAND.weight(0);
    ParameterStore store = RandomParameters.encoder(TINY, 3);
    Tensor broken = store.get(name).copy();
    broken.data()[7] = Float.NaN;
    store.replace(name, broken);
    assertThatThrownBy(() -> WidthPruner.prune(TINY, store, 0.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(
            "'" + name + "' [24, 48]: expected finite numbers, got NaN at index 7");
  }

  @Test
  void importanceOfAnotherModelIsRefused() {
    ParameterStore store = RandomParameters.encoder(TINY, 3);
    List<double[]> neurons = List.of(new double[48], new double[48]);
    Importance other = new Importance(List.of(new double[3], new double[3]), neurons);
    assertThatThrownBy(() -> WidthPruner.reorder(TINY, store, other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(
            "importance of heads: expected 4 finite numbers for each of 2 layers");
    double[] nan = {1, 2, Double.NaN, 3};
    Importance broken = new Importance(List.of(new double[4], nan), neurons);
    assertThatThrownBy(() -> WidthPruner.reorder(TINY, store, broken)).hasMessageContaining("NaN");
  }

  @Test
  void equalImportanceKeepsTheOrder() {
    Importance importance =
        new Importance(List.of(new double[] {1, 2, 1, 2}), List.of(new double[] {0, 0, 5, 0}));
    assertThat(importance.headOrder(0)).containsExactly(1, 3, 0, 2);
    assertThat(importance.neuronOrder(0)).containsExactly(2, 0, 1, 3);
  }

  @Test
  void parametersThatAreNotCutAreShared() {
    ParameterStore full = RandomParameters.encoder(TINY, 3);
    full.put("some.head", Tensor.zeros(3));
    ParameterStore pruned = WidthPruner.prune(TINY, full, 0.75);
    Map<String, int[]> cut = SubModelShape.of(TINY, 0.75).slices(TINY);
    assertThat(cut).hasSize(TINY.layers() * 10);
    for (String name : full.names()) {
      assertThat(pruned.get(name) == full.get(name)).as(name).isEqualTo(!cut.containsKey(name));
    }
  }
}
