package ernie4j.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import ernie4j.engine.Golden;
import ernie4j.training.evaluation.JointEvaluation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JointFileTest {
  @TempDir Path folder;

  @Test
  void slotsAreRangesOfTheText() {
    JointFile corpus =
        JointFile.parse(
            List.of("7\t来一首周华健的花心\tmusic.play\t来一首<singer>周华健</singer>的<song>花心</song>"));
    assertThat(corpus.examples())
        .containsExactly(
            new JointExample(
                "来一首周华健的花心",
                "music.play",
                List.of(new LabelledSpan("singer", 3, 6), new LabelledSpan("song", 7, 9)),
                "7"));
  }

  @Test
  void examplesKnowTheirDialogue() {
    List<JointExample> examples =
        JointFile.parse(
                List.of(
                    "7\t放歌\tmusic.play\t放歌",
                    "8\t去机场\tnavigation\t去机场",
                    "",
                    "7\t取消\tmusic.pause\t取消"))
            .examples();
    assertThat(examples).extracting(JointExample::dialogue).containsExactly("7", "8", "7");
  }

  /** Trainings that began before dialogues were read can continue. */
  @Test
  void toStringForCheckpointsLeavesOutTheDialogue() {
    LabelledSpan slot = new LabelledSpan("song", 1, 2);
    JointExample later = new JointExample("放歌", "play", List.of(slot), "7");
    assertThat(later)
        .hasToString(
            "JointExample[text=放歌, intent=play, slots=[LabelledSpan[type=song, start=1, end=2]]]")
        .isNotEqualTo(new JointExample("放歌", "play", List.of(slot)));
  }

  @Test
  void unusableLinesAreCountedAndNamed() {
    JointFile corpus =
        JointFile.parse(
            List.of(
                "1\t你好\tOTHERS\t你好",
                "",
                "1\t你好\tOTHERS",
                "1\t放歌\tmusic.play\t放<song>哥||歌</song>",
                "1\t放歌\tmusic.play\t放<song>歌",
                "1\t放歌\tmusic.play\t放<song>歌</singer>",
                "1\t放歌\tmusic.play\t放别的"));
    assertThat(corpus.examples()).hasSize(1);
    assertThat(corpus.corrections()).isEqualTo(1);
    assertThat(corpus.problems()).hasSize(4);
    assertThat(corpus.problems().get(0)).isEqualTo("line 3: expected 4 columns, got 3");
    assertThat(corpus.problems().get(1)).contains("line 5").contains("<song> is not closed");
  }

  @Test
  void fileWithoutAnyUsableLineIsRefused() throws IOException {
    Path file = folder.resolve("three-columns.txt");
    Files.writeString(file, "1\t你好\tOTHERS\n");
    assertThatIOException()
        .isThrownBy(() -> JointFile.read(file))
        .withMessageContaining("three-columns.txt")
        .withMessageContaining("four columns")
        .withMessageContaining("line 1: expected 4 columns, got 3");
    Files.write(file, new byte[] {(byte) 0xC3, '\n'});
    assertThatIOException().isThrownBy(() -> JointFile.read(file)).withMessageContaining("UTF-8");
  }

  @Test
  void realCorpusHasTheKnownCounts() throws IOException {
    JointFile corpus = JointFile.read(Golden.data("nlpcc2018-task4/corpus.train.txt"));
    assertThat(corpus.examples()).hasSize(21_054);
    assertThat(corpus.corrections()).isEqualTo(298);
    assertThat(corpus.problems()).isEmpty();
    Labels intents = Labels.read(Golden.data("nlpcc2018-task4/intent_label.txt"));
    Labels slots = Labels.read(Golden.data("nlpcc2018-task4/slot_label.txt"));
    assertThat(intents.names()).hasSize(11);
    assertThat(slots.names()).hasSize(32);
    assertThat(JointEvaluation.intentsWithoutSlots(corpus.examples()).stream().map(intents::index))
        .containsExactlyInAnyOrder(0, 2, 3, 4, 6, 7, 8, 10);
    assertThat(Labels.ofIntents(corpus.examples()).names())
        .containsExactlyInAnyOrderElementsOf(intents.names());
    assertThat(Labels.ofSlots(corpus.examples()).names())
        .containsExactlyInAnyOrderElementsOf(slots.names());
  }

  @Test
  void splitIsSeededAndKeepsEveryExample() {
    JointFile corpus =
        JointFile.parse(
            IntStream.range(0, 50).mapToObj(i -> "1\tt%d\tOTHERS\tt%d".formatted(i, i)).toList());
    Split<JointExample> split = Split.of(corpus.examples(), 0.2, 42);
    assertThat(split.dev()).hasSize(10);
    assertThat(Split.of(corpus.examples(), 0.2, 42)).isEqualTo(split);
    assertThat(Split.of(corpus.examples(), 0.2, 43)).isNotEqualTo(split);
    Set<JointExample> all = new HashSet<>(split.train());
    all.addAll(split.dev());
    assertThat(all).isEqualTo(new HashSet<>(corpus.examples()));
  }

  @Test
  void intentsAreSortedByFrequencyAndSlotLabelsByName() {
    JointFile corpus =
        JointFile.parse(
            List.of(
                "1\t放歌\tplay\t放<song>歌</song>",
                "1\t去家\tgo\t去<place>家</place>",
                "1\t去家\tgo\t去<place>家</place>",
                "1\t好\tchat\t好"));
    assertThat(Labels.ofIntents(corpus.examples()).names()).containsExactly("go", "chat", "play");
    assertThat(Labels.ofSlots(corpus.examples()).names())
        .containsExactly("PAD", "O", "B-place", "B-song", "I-place", "I-song");
  }
}
