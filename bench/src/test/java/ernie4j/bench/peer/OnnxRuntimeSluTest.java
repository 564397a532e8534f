package ernie4j.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.bench.input.Utterances;
import ernie4j.engine.file.Model;
import ernie4j.pipeline.JointSlu;
import ernie4j.quant.ModelQuantizer;
import ernie4j.tokenizer.TokenizerOptions;
import ernie4j.zoo.huggingface.HuggingFaceTokenizerJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxRuntimeSluTest {
  @TempDir Path folder;

  /** The peer knows no temperatures, and answers the most likely tag of every token. */
  @Test
  void answersAsJointSluDoes() throws IOException {
    Model bundled = JointSlu.bundledModel().withOptions(Map.of());
    Model floats = ModelQuantizer.dequantize(bundled);
    JointSlu ours = JointSlu.of(floats);
    OnnxRuntimeSlu.write(folder, floats);
    try (OnnxRuntimeSlu peer = OnnxRuntimeSlu.load(folder)) {
      for (String text : Utterances.builtIn()) {
        JointSlu.Result expected = ours.parse(text);
        OnnxRuntimeSlu.Answer answer = peer.parse(text);
        assertThat(answer.intent()).as(text).isEqualTo(expected.intent());
        assertThat(answer.confidence()).isCloseTo(expected.probability(), Offset.offset(1e-4));
        assertThat(answer.slots())
            .isEqualTo(
                expected.slots().stream().map(slot -> slot.type() + ":" + slot.text()).toList());
      }
    }
  }

  @Test
  void theTokenizerFileHoldsTheModelsOptions() throws IOException {
    Model model = JointSlu.bundledModel();
    Path file = folder.resolve("tokenizer.json");
    HuggingFaceTokenizerFile.write(file, model);

    HuggingFaceTokenizerJson read = HuggingFaceTokenizerJson.read(file);
    TokenizerOptions options = TokenizerOptions.fromMap(model.tokenizerOptions());
    assertThat(read.vocabulary()).isEqualTo(model.vocabulary());
    assertThat(read.lowerCase()).isEqualTo(options.lowerCase());
    assertThat(read.stripAccents()).isEqualTo(options.stripAccents());
  }
}
