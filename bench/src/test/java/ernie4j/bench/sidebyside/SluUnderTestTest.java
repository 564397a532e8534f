package ernie4j.bench.sidebyside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.bench.input.Utterances;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.Tensor;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.head.HeadNames;
import ernie4j.pipeline.JointSlu;
import ernie4j.quant.ModelQuantizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SluUnderTestTest {
  @TempDir Path folder;

  @Test
  void aModelAndItsInt8FormAnswerAlikeAndInTurn() throws IOException {
    Model bundled = ModelQuantizer.dequantize(JointSlu.bundledModel());
    SluUnderTest ours =
        load(ModelQuantizer.linear(bundled, ModelQuantizer.linearLayers(bundled), Map.of()), "a");
    SluUnderTest peer = load(bundled, "b");
    List<String> texts = Utterances.of(null, 8, text -> ours.tokens(text) == 16);

    SluUnderTest.requireSimilarAnswers(ours, peer, texts);
    Runnable inTurn = ours.inTurn(List.of("取消", ""));
    inTurn.run();
    assertThatThrownBy(inTurn::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the text '' has no tokens");
  }

  @Test
  void refusesModelsOfOtherTasks() throws IOException {
    Model bundled = ModelQuantizer.dequantize(JointSlu.bundledModel());
    Map<String, List<String>> labels = new HashMap<>(bundled.labels());
    List<String> intents = new ArrayList<>(bundled.labels().getOrDefault("intent", List.of()));
    assertThat(intents).hasSizeGreaterThan(1);
    Collections.swap(intents, 0, 1);
    labels.put("intent", intents);
    SluUnderTest ours = load(bundled, "a");
    SluUnderTest peer = load(bundled.withTask(bundled.task(), labels), "b");

    assertThatThrownBy(() -> SluUnderTest.requireSimilarAnswers(ours, peer, List.of("取消")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("do not have the same labels");
  }

  @Test
  void refusesModelsThatAnswerDifferently() throws IOException {
    Model bundled = ModelQuantizer.dequantize(JointSlu.bundledModel());
    SluUnderTest ours = load(bundled, "a");
    SluUnderTest peer = load(withOppositeIntents(bundled), "b");

    assertThatThrownBy(() -> SluUnderTest.requireSimilarAnswers(ours, peer, Utterances.builtIn()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("0 of 32 intents are equal");
  }

  private static Model withOppositeIntents(Model model) {
    ParameterSource parameters = model.parameters();
    ParameterStore store = new ParameterStore();
    for (String name : parameters.names()) {
      Tensor values = parameters.get(name).copy();
      if (name.startsWith(HeadNames.INTENT_CLASSIFIER)) {
        for (int i = 0; i < values.size(); i++) {
          values.data()[i] = -values.data()[i];
        }
      }
      store.put(name, values);
    }
    return model.withParameters(model.config(), store);
  }

  private SluUnderTest load(Model model, String name) throws IOException {
    Path file = folder.resolve(name + ".ernie");
    ModelFile.write(file, model);
    return SluUnderTest.load(file);
  }
}
