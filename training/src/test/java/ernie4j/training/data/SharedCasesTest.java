package ernie4j.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ernie4j.zoo.ModelImport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of public reports, beside the golden ones; they are read or refused in a good sentence. */
class SharedCasesTest {
  private static Path file(String name) {
    Path cases = Path.of(System.getProperty("ernie4j.golden", "golden")).resolveSibling("cases");
    Path file = cases.resolve(name);
    assumeTrue(Files.exists(file), () -> "skipped: there is no " + file);
    return file;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "08-tag-json-labels-ignored/cluener.json",
        "08-tag-json-labels-ignored/doccano.jsonl",
        "09-tag-schemes/bmes.bio",
        "09-tag-schemes/waybill.txt"
      })
  void everyFormOfTagsGivesTheSameSpans(String name) throws IOException {
    List<TaggedExample> examples = TagFiles.read(file(name));
    assertThat(examples.get(0).spans()).hasToString("[LabelledSpan[type=LOC, start=1, end=3]]");
    assertThat(examples.get(1).spans()).hasToString("[LabelledSpan[type=PER, start=0, end=2]]");
    assertThat(examples).allSatisfy(example -> assertThat(example.spans()).isNotEmpty());
  }

  @Test
  void aMisspeltFieldIsNamed() {
    Path typo = file("08-tag-json-labels-ignored/typo.jsonl");
    assertThatThrownBy(() -> TagFiles.read(typo))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("line 1")
        .hasMessageContaining("got 'entites'");
  }

  @Test
  void aByteOrderMarkIsNoTextAndGbkIsRefused() throws IOException {
    assertThat(Utf8Text.read(file("18-input-bom-and-gbk/bom.txt"))).startsWith("今天天气");
    Path gbk = file("18-input-bom-and-gbk/gbk2.txt");
    assertThatThrownBy(() -> Utf8Text.read(gbk))
        .hasMessageContaining("line 1: expected UTF-8 text")
        .hasMessageContaining("GBK");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/inference.json", "/inference.pdiparams"})
  void aModelOfPaddle3SaysWhatToUse(String name) {
    Path source = file("16-paddle3-pir" + name);
    assertThatThrownBy(() -> ModelImport.read(source))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Paddle 3 (PIR)")
        .hasMessageContaining("model_state.pdparams");
  }
}
