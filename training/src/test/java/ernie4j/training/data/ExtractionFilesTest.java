package ernie4j.training.data;

import static ernie4j.training.data.ReadersTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ernie4j.training.data.ExtractionExample.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The format of the reference, and errors about lines that are not in it. */
class ExtractionFilesTest {
  @TempDir Path folder;

  private List<ExtractionExample> read(String lines) throws IOException {
    return ExtractionFiles.read(Files.writeString(folder.resolve("train.txt"), lines));
  }

  @Test
  void offsetsCountCodePointsAndOptionsFromTheEndOfThePrompt() throws IOException {
    List<ExtractionExample> examples =
        read(
            """
            {"content": "😀去南京", "result_list": [{"text": "南京", "start": 2, "end": 4}], "prompt": "地点"}

            {"content": "😀好", "result_list": [{"text": "负向", "start": -4, "end": -2}], "prompt": "😀的情感倾向[正向,负向]", "id": 3}
            {"content": "", "prompt": "地点", "result_list": []}
            """);
    assertThat(examples)
        .containsExactly(
            new ExtractionExample("😀去南京", "地点", List.of(Answer.ofText(3, 5))),
            new ExtractionExample("😀好", "😀的情感倾向[正向,负向]", List.of(Answer.ofPrompt(11, 13))),
            new ExtractionExample("", "地点", List.of()));
    assertThat(examples.get(1).texts()).containsExactly("负向");
    Path copy = folder.resolve("copy.json");
    ExtractionFiles.write(copy, examples);
    assertThat(ExtractionFiles.read(copy)).isEqualTo(examples);
    assertThat(Files.readAllLines(copy).get(1))
        .isEqualTo(
            "{\"content\":\"😀好\",\"result_list\":[{\"text\":\"负向\",\"start\":-4,\"end\":-2}],\"prompt\":\"😀的情感倾向[正向,负向]\"}");
  }

  @Test
  void utf16OffsetsAreAcceptedIfOnlyTheyFit() throws IOException {
    assertThat(
            read(
                "{\"content\": \"😀去南京\", \"result_list\": [{\"text\": \"南京\", \"start\": 3, \"end\": 5}], \"prompt\": \"地点\"}"))
        .containsExactly(new ExtractionExample("😀去南京", "地点", List.of(Answer.ofText(3, 5))));
  }

  @Test
  void duplicateAnswerCountsOnce() throws IOException {
    String answer = "{\"text\": \"南京\", \"start\": 0, \"end\": 2}";
    assertThat(
            read(
                "[{\"content\": \"南京\", \"result_list\": [%s, %s], \"prompt\": \"地点\"}]"
                    .formatted(answer, answer)))
        .containsExactly(new ExtractionExample("南京", "地点", List.of(Answer.ofText(0, 2))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'content': '南京', 'prompt': '地点'} | line 2 | a field 'result_list'",
        "{'content': '南京', 'result_list': []} | line 2 | a field 'prompt'",
        "{'content': '南京', 'prompt': ' ', 'result_list': []} | line 2 | expected a prompt",
        "{'content': '南京', 'prompt': '地点', 'result': []} | line 2 | 'result'",
        "{'content': '南京', 'prompt': '地点', 'result_list': [{'text': '京', 'start': 0, 'end': 1}]} | line 2 | '京' from character 0 to before 1",
        "{'content': '南京', 'prompt': '地点', 'result_list': [{'text': '京', 'start': 1, 'end': 3}]} | line 2 | other text there",
        "{'content': '南京', 'prompt': '地点', 'result_list': [{'text': '京', 'start': 2, 'end': 1}]} | line 2 | at least one character",
        "{'content': '南京', 'prompt': '地点', 'result_list': [{'text': '京', 'start': '1', 'end': 2}]} | line 2 | a whole number in 'start'",
        "{'content': '南京', 'prompt': '情感[好,坏]', 'result_list': [{'text': '好', 'start': -9, 'end': -8}]} | line 2 | an option from -8",
        "{'content': '南京', 'prompt': '情感[好,坏]', 'result_list': [{'text': '好', 'start': -4, 'end': -3}]} | line 2 | '好' from character 4",
        "{'content': '南京', 'prompt': '情感[好,坏]', 'result_list': [{'text': '坏', 'start': -3, 'end': 0}]} | line 2 | an option",
        "{'text': '南京', 'label': [[0, 2, '地点']]} | line 2 | convert-annotations",
        "[0, 1] | line 2 | a JSON object",
      })
  void wrongLineIsRefusedWithItsNumber(String line, String place, String problem) {
    String right = "{\"content\": \"南京\", \"prompt\": \"地点\", \"result_list\": []}\n";
    assertRefused(() -> read(right + line.replace('\'', '"')), "train.txt", place, problem);
  }

  @Test
  void answersMayBeMissingForPredictions() throws IOException {
    Path open = Files.writeString(folder.resolve("o"), "{\"content\": \"南京\", \"prompt\": \"地点\"}");
    assertThat(ExtractionFiles.readUnlabelled(open))
        .containsExactly(new ExtractionExample("南京", "地点", List.of()));
  }

  @Test
  void overlapsAreCountedSeparatelyForTextAndPrompt() {
    ExtractionExample example =
        new ExtractionExample(
            "一二三四",
            "问[一,二]",
            List.of(
                Answer.ofText(2, 4),
                Answer.ofPrompt(2, 3),
                Answer.ofText(1, 3),
                Answer.ofText(0, 1),
                Answer.ofText(2, 3)));
    assertThat(example.overlaps()).isEqualTo(2);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ExtractionExample("一", "问", List.of(Answer.ofText(0, 2))))
        .withMessageContaining("within 1 characters");
  }
}
