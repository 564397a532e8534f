package ernie4j.training.data;

import static ernie4j.training.data.ReadersTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Spans in every JSON format that tools write; none is left out silently. */
class SpanFieldsTest {
  @TempDir Path folder;

  private List<TaggedExample> read(String json) throws IOException {
    return TagFiles.read(Files.writeString(folder.resolve("a.json"), json));
  }

  private static TaggedExample example(String text, LabelledSpan... spans) {
    return new TaggedExample(text, List.of(spans));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"text\": \"😀在南京，她\", \"entities\": [{\"type\": \"LOC\", \"start\": 2, \"end\": 4}, {\"type\": \"PER\", \"start\": 5, \"end\": 6}]}",
        "{\"id\": 3, \"text\": \"😀在南京，她\", \"label\": [[5, 6, \"PER\"], [2, 4, \"LOC\"], [2, 4, \"LOC\"]], \"Comments\": []}",
        "{\"text\": \"😀在南京，她\", \"entities\": [[2, 4, \"LOC\"], [5, 6, \"PER\"]]}",
        "{\"text\": \"😀在南京，她\", \"label\": {\"LOC\": {\"南京\": [[2, 3]]}, \"PER\": {\"她\": [[5, 5]]}}}",
        "{\"text\": \"😀在南京，她\", \"entities\": [{\"id\": 1, \"label\": \"LOC\", \"start_offset\": 2, \"end_offset\": 4}, {\"id\": 2, \"label\": \"PER\", \"start_offset\": 5, \"end_offset\": 6}], \"relations\": []}",
        "{\"text\": \"😀在南京，她\", \"spans\": [{\"label\": \"LOC\", \"start\": 2, \"end\": 4, \"token_start\": 1, \"token_end\": 1}, {\"label\": \"PER\", \"start\": 5, \"end\": 6}], \"_task_hash\": 7, \"answer\": \"accept\"}",
        "[{\"text\": \"😀在南京，她\", \"label\": [{\"start\": 3, \"end\": 5, \"text\": \"南京\", \"labels\": [\"LOC\"]}, {\"start\": 6, \"end\": 7, \"text\": \"她\", \"labels\": [\"PER\"]}], \"annotator\": 1, \"lead_time\": 2.5}]",
        "[{\"id\": 1, \"data\": {\"text\": \"😀在南京，她\"}, \"annotations\": [{\"was_cancelled\": true, \"result\": []}, {\"result\": [{\"type\": \"labels\", \"value\": {\"start\": 3, \"end\": 5, \"text\": \"南京\", \"labels\": [\"LOC\"]}}, {\"type\": \"relation\"}, {\"type\": \"labels\", \"value\": {\"start\": 6, \"end\": 7, \"labels\": [\"PER\"], \"text\": \"她\"}}]}]}]",
      })
  void formatsOfAnnotationTools(String json) throws IOException {
    assertThat(read(json))
        .containsExactly(
            example("😀在南京，她", new LabelledSpan("LOC", 3, 5), new LabelledSpan("PER", 6, 7)));
  }

  @Test
  void listsAndLinesAndTextsWithoutSpans() throws IOException {
    assertThat(read("[\n {\"text\": \"好\", \"label\": []},\n {\"text\": \"坏\", \"label\": {}}\n]"))
        .containsExactly(example("好"), example("坏"));
    Path open = Files.writeString(folder.resolve("b.jsonl"), "{\"text\": \"好\"}\n");
    assertThat(TagFiles.readUnlabelled(open)).containsExactly(example("好"));
    assertRefused(() -> TagFiles.read(open), "line 1", "an empty list if there are none", "none");
  }

  @Test
  void blanksAtTheEndsOfASpanAreNotPartOfIt() throws IOException {
    assertThat(read("{\"text\": \"去 南京　，\", \"label\": [[1, 5, \"LOC\"]]}"))
        .containsExactly(example("去 南京　，", new LabelledSpan("LOC", 2, 4)));
    assertRefused(
        () -> read("{\"text\": \"去 南京\", \"label\": [[1, 2, \"LOC\"]]}"), "at least one character");
  }

  @Test
  void unreadableSpansAreRefused() {
    assertRefused(
        () ->
            read(
                "{\"text\": \"去南京\", \"entites\": [{\"type\": \"LOC\", \"start\": 1, \"end\": 3}]}"),
        "line 1",
        "'entites'",
        "correct misspelled names");
    assertRefused(
        () -> read("{\"text\": \"去南京\", \"label\": [[1, 3, \"LOC\"], [2, 3, \"PER\"]]}"),
        "without overlaps",
        "LOC '南京' and PER '京'");
    assertRefused(
        () -> read("{\"text\": \"去南京\", \"label\": {\"LOC\": {\"南京\": [[0, 1]]}}}"),
        "'南京' from character 0 to before 2");
    assertRefused(
        () -> read("{\"text\": \"去南京\", \"label\": {\"LOC\": [[1, 2]]}}"), "{type: {text");
    assertRefused(() -> read("{\"text\": \"去南京\", \"label\": [\"LOC\"]}"), "a span", "\"LOC\"");
    assertRefused(
        () -> read("{\"text\": \"去南京\", \"label\": [[1, 9, \"LOC\"]]}"), "0 to 3", "got 9");
    assertRefused(
        () -> read("{\"text\": \"去\", \"label\": [], \"entities\": []}"), "[entities, label]");
    assertRefused(
        () -> read("{\"text\": \"去\", \"spans\": [], \"answer\": \"reject\"}"), "'reject'");
    assertRefused(
        () -> read("[{\"data\": {\"text\": \"去\"}, \"annotations\": []}]"),
        "element 1",
        "one annotation");
    assertRefused(
        () ->
            read(
                "[{\"data\": {\"text\": \"去\"}, \"annotations\": [{\"result\": [{\"value\": {\"choices\": [\"a\"]}}]}]}]"),
        "labels of spans",
        "choices");
  }
}
