package ernie4j.training.data;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.Golden;
import ernie4j.training.data.TableFile.Columns;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The readers on those real files that are present. */
class RealDataTest {
  private static List<TextExample> texts(String file) throws IOException {
    return TextFiles.read(Golden.data(file), null);
  }

  @Test
  void classes() throws IOException {
    assertThat(texts("fewclue/eprstmt/train_0.json")).hasSize(32);
    assertThat(texts("fewclue/bustm/dev_0.json")).hasSize(32).allMatch(e -> e.pair() != null);
    assertThat(Labels.ofTexts(texts("fewclue/csldcp/train_0.json")).size()).isEqualTo(67);
    assertThat(texts("fewclue/cluewsc/train_0.json")).allMatch(e -> e.text().contains("_"));
    assertThat(texts("fewclue/csl/train_0.json")).hasSize(32);
    assertThat(texts("fewclue/iflytek/train_0.json")).hasSize(928);
    // 2 999 of 3 000 lines end in a line feed; 50 of them have no agreed label.
    assertThat(Labels.ofTexts(texts("ocnli/dev.json")).names())
        .containsExactlyInAnyOrder("entailment", "neutral", "contradiction");
    assertThat(texts("chnsenticorp/train.tsv")).hasSize(9600);
    assertThat(texts("shopping10/online_shopping_10_cats.csv")).hasSize(62774);
    assertThat(TextFiles.read(Golden.data("afqmc/train.txt"), new Columns("1", "2", "3", false)))
        .hasSize(34334);
  }

  @Test
  void namesAndQuestions() throws IOException {
    List<TaggedExample> names = TagFiles.read(Golden.data("msra-ner/train.txt"));
    // As many as B- tags, and three I- tags that continue nothing.
    assertThat(names.stream().mapToInt(e -> e.spans().size()).sum())
        .isEqualTo(13518 + 8432 + 7206 + 3);
    assertThat(Labels.ofSpans(names).size()).isEqualTo(7);
    List<QuestionExample> questions = QuestionFiles.read(Golden.data("cmrc2018/cmrc2018_dev.json"));
    assertThat(questions.stream().mapToInt(q -> q.answers().size()).sum()).isEqualTo(9657);
    for (QuestionExample question : questions) {
      for (QuestionExample.Answer a : question.answers()) {
        assertThat(a.start() < 0 || question.context().startsWith(a.text(), a.start())).isTrue();
      }
    }
  }
}
