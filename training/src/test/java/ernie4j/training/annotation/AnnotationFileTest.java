package ernie4j.training.annotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.training.data.AnnotatedText;
import ernie4j.training.data.AnnotatedText.Relation;
import ernie4j.training.data.AnnotationFile;
import ernie4j.training.data.ExtractionExample;
import ernie4j.training.data.LabelledSpan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Exports of annotation tools, and errors in them. */
class AnnotationFileTest {
  @TempDir Path folder;

  private AnnotationFile read(String lines) throws IOException {
    return AnnotationFile.read(
        Files.writeString(folder.resolve("a.json"), lines.replace('\'', '"')));
  }

  private static LabelledSpan span(String label, int start, int end) {
    return new LabelledSpan(label, start, end);
  }

  @Test
  void labelStudioOffsetsAreUtf16AndRelationsHaveADirection() throws IOException {
    String entities =
        "{'id': 'a', 'type': 'labels', 'value': {'start': 2, 'end': 4, 'text': '张三', 'labels': ['人名']}}, {'id': 'b', 'type': 'labels', 'value': {'start': 5, 'end': 7, 'text': '南京', 'labels': ['地名']}}";
    String relation =
        "{'type': 'relation', 'from_id': 'a', 'to_id': 'b', 'direction': '%s', 'labels': ['住所']}";
    AnnotatedText expected =
        new AnnotatedText(
            "😀张三在南京",
            List.of(span("人名", 2, 4), span("地名", 5, 7)),
            List.of(new Relation("住所", 0, 1)),
            List.of());
    for (String direction : List.of("right", "left", "bi")) {
      AnnotationFile file =
          read(
              "[{'id': 1, 'data': {'text': '😀张三在南京'}, 'annotations': [{'was_cancelled': true, 'result': []}, {'result': [%s, %s]}]}]"
                  .formatted(relation.formatted(direction), entities));
      assertThat(file.labelStudio()).isTrue();
      AnnotatedText text = file.texts().get(0);
      assertThat(text.entities()).isEqualTo(expected.entities());
      assertThat(text.relations())
          .isEqualTo(
              switch (direction) {
                case "right" -> expected.relations();
                case "left" -> List.of(new Relation("住所", 1, 0));
                default -> List.of(new Relation("住所", 0, 1), new Relation("住所", 1, 0));
              });
    }
  }

  @Test
  void blanksAtTheEndsOfASpanAreNotPartOfIt() throws IOException {
    assertThat(read("{'text': '在 南京 ', 'label': [[1, 5, '地名']]}").texts().get(0).entities())
        .containsExactly(span("地名", 2, 4));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'text': ' ', 'label': []} | a text that is not blank",
        "{'text': '南京'} | a field 'label' or 'labels'",
        "{'text': '南京', 'label': [], 'entities': []} | entities or label",
        "{'text': '南京', 'label': [[0, 2]]} | a span [start, end, label]",
        "{'text': '南京', 'label': [[0, 3, '地名']]} | 'end' from 0 to 2",
        "{'text': '南京', 'label': [[1, 1, '地名']]} | at least one character",
        "{'text': '南京', 'label': [[0, 2, ' ']]} | a label of the span",
        "{'text': '南京', 'labelled': [], 'label': []} | 'labelled'",
        "{'text': '南京', 'entities': [{'id': 1, 'label': 'a', 'start_offset': 0, 'end_offset': 1}, {'id': 1, 'label': 'a', 'start_offset': 1, 'end_offset': 2}]} | '1' twice",
        "{'text': '南京', 'entities': [], 'relations': [{'id': 1, 'from_id': 3, 'to_id': 4, 'type': 'a'}]} | one with '3'",
        "{'data': {'text': '南京'}, 'annotations': []} | one annotation of the task, got 0",
        "{'data': {'text': '南京'}, 'annotations': [{'result': [{'type': 'labels', 'value': {'start': 0, 'end': 1, 'text': '京', 'labels': ['a']}}]}]} | '京' from character 0",
        "{'data': {'text': '南京'}, 'annotations': [{'result': [{'type': 'labels', 'value': {'start': 0, 'end': 1, 'labels': []}}]}]} | one label of a span",
        "{'data': {'text': '南京'}, 'annotations': [{'result': [{'type': 'relation', 'from_id': 'a', 'to_id': 'b', 'labels': []}]}]} | a label of the relation",
        "{'data': {'text': '南京'}, 'annotations': [{'result': [{'type': 'rating', 'value': {'rating': 3}}]}]} | labels, choices or a relation",
      })
  void wrongAnnotationIsRefusedWithItsLine(String line, String problem) {
    String right = "{'text': '南京', 'label': [[0, 2, '地名']]}\n";
    assertThatThrownBy(() -> read(right + line))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("a.json: line 2: expected", problem);
  }

  /** As in the reference for Label Studio, but 观点词 is left out on both sides. */
  @Test
  void labelStudioOpinionsAreNotNegativesAndHelperLabelsAreNotAsked() {
    AnnotatedText opinion =
        new AnnotatedText(
            "房间大",
            List.of(span("评价维度", 0, 2), span("观点词", 2, 3), span("属性值", 2, 3)),
            List.of(new Relation("观点", 0, 2)),
            List.of());
    AnnotatedText other = new AnnotatedText("在南京", List.of(span("地名", 1, 3)), List.of(), List.of());
    AnnotationConverter converter = new AnnotationConverter(ConversionOptions.labelStudio());
    assertThat(prompts(converter.toLearnFrom(List.of(opinion, other)).all()))
        .containsExactlyInAnyOrder(
            "房间大 评价维度",
            "房间大 观点词",
            "房间大 -地名",
            "在南京 地名",
            "在南京 -评价维度",
            "房间大 房间的观点",
            "房间大 -大的观点",
            "房间大 -南京的观点",
            "房间大 -房间的地名");
    assertThat(
            prompts(
                new AnnotationConverter(ConversionOptions.defaults())
                    .toLearnFrom(List.of(opinion, other))
                    .entities()))
        .contains("房间大 属性值", "在南京 -观点词");
  }

  private static Set<String> prompts(List<ExtractionExample> examples) {
    Set<String> prompts = new TreeSet<>();
    for (ExtractionExample e : examples) {
      prompts.add(e.content() + (e.answers().isEmpty() ? " -" : " ") + e.prompt());
    }
    return prompts;
  }

  /** The reference finds the last occurrence of the label, which is in another option here. */
  @Test
  void optionIsFoundEvenIfAnotherContainsIt() {
    ConversionOptions options =
        ConversionOptions.defaults().withClasses("评价", List.of("好", "很好", "不好说"), true);
    Set<String> orders = new TreeSet<>();
    List<AnnotatedText> texts = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      texts.add(new AnnotatedText("第" + i, List.of(), List.of(), List.of("好", "很好")));
    }
    for (ExtractionExample example : new AnnotationConverter(options).toLearnFrom(texts).all()) {
      assertThat(example.texts()).containsExactly("好", "很好");
      for (ExtractionExample.Answer answer : example.answers()) {
        assertThat("[,".indexOf(example.prompt().charAt(answer.start() - 1))).isNotNegative();
        assertThat(",]".indexOf(example.prompt().charAt(answer.end()))).isNotNegative();
      }
      orders.add(example.prompt());
    }
    assertThat(orders).hasSize(6);
  }

  @Test
  void invalidOptionsAreRefused() {
    for (List<String> wrong :
        List.of(
            List.of("好"),
            List.of("好", "好"),
            List.of("好,坏", "无"),
            List.of("[好", "坏"),
            List.of("好", " "))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> ConversionOptions.defaults().withClasses("评价", wrong, true))
          .withMessageContainingAll("two different options", wrong.toString());
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConversionOptions.defaults().withNegativeRatio(-2))
        .withMessageContaining("-1 for all");
  }
}
