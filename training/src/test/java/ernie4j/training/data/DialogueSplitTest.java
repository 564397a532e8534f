package ernie4j.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.training.data.DialogueSplit.Dialogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DialogueSplitTest {
  private static final int DIALOGUES = 50;

  @TempDir Path folder;

  private Path corpus;

  /** Fifty dialogues of one to four utterances, all with the same words. */
  @BeforeEach
  void write() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int d = 0; d < DIALOGUES; d++) {
      for (int turn = 0; turn <= d % 4; turn++) {
        lines.add("s%d\t取消%d\tcancel\t取消%d".formatted(d, turn, turn));
      }
      lines.add("");
    }
    corpus = Files.write(folder.resolve("corpus.txt"), lines);
  }

  private static Set<String> ids(List<Dialogue> dialogues) {
    return new HashSet<>(dialogues.stream().map(Dialogue::id).toList());
  }

  @Test
  void everyDialogueIsWholeAndInExactlyOnePart() throws IOException {
    DialogueSplit split = DialogueSplit.read(corpus, 0.1, 0.2, 7);
    assertThat(split.train()).hasSize(35);
    assertThat(split.dev()).hasSize(5);
    assertThat(split.test()).hasSize(10);
    Set<String> all = new HashSet<>();
    for (List<Dialogue> part : List.of(split.train(), split.dev(), split.test())) {
      all.addAll(ids(part));
      for (Dialogue dialogue : part) {
        assertThat(dialogue.lines()).hasSize(Integer.parseInt(dialogue.id().substring(1)) % 4 + 1);
      }
    }
    assertThat(all).hasSize(DIALOGUES);
  }

  @Test
  void splitDependsOnlyOnTheSeed() throws IOException {
    DialogueSplit split = DialogueSplit.read(corpus, 0.1, 0.2, 7);
    assertThat(DialogueSplit.read(corpus, 0.1, 0.2, 7)).isEqualTo(split);
    assertThat(ids(DialogueSplit.read(corpus, 0.1, 0.2, 8).test())).isNotEqualTo(ids(split.test()));
  }

  @Test
  void interruptedSessionIsOneDialogue() throws IOException {
    Files.write(
        corpus, List.of("a\tx\ti\tx", "", "b\ty\ti\ty", "", "c\tz\ti\tz", "", "a\tv\ti\tv"));
    DialogueSplit split = DialogueSplit.read(corpus, 0.3, 0.3, 1);
    List<Dialogue> all = new ArrayList<>(split.train());
    all.addAll(split.dev());
    all.addAll(split.test());
    assertThat(all).hasSize(3).contains(new Dialogue("a", List.of("a\tx\ti\tx", "a\tv\ti\tv")));
  }

  @Test
  void writtenPartsHoldAllUsableLinesOfTheCorpus() throws IOException {
    String correction = "s1\t放哥\tmusic\t放<song>哥||歌</song>";
    Files.writeString(corpus, correction + "\nno columns\n" + Files.readString(corpus));
    DialogueSplit.read(corpus, 0.2, 0.2, 3).write(folder.resolve("parts"));
    List<JointExample> examples = new ArrayList<>();
    int corrections = 0;
    for (String part : List.of("train", "dev", "test")) {
      Path file = folder.resolve("parts").resolve(part + ".txt");
      JointFile read = JointFile.read(file);
      assertThat(read.problems()).isEmpty();
      assertThat(Files.readString(file)).contains("\n\n").doesNotContain("\n\n\n");
      corrections += read.corrections();
      examples.addAll(read.examples());
    }
    assertThat(corrections).isEqualTo(1);
    assertThat(examples).containsExactlyInAnyOrderElementsOf(JointFile.read(corpus).examples());
  }

  @Test
  void everyPartNeedsADialogue() throws IOException {
    Files.write(corpus, List.of("a\tx\ti\tx", "b\ty\ti\ty"));
    assertThatThrownBy(() -> DialogueSplit.read(corpus, 0.1, 0.2, 1))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("expected at least 3 dialogues (first column)")
        .hasMessageContaining("got 2");
    Files.write(corpus, List.of("a\tx\ti\tx", "b\ty\ti\ty", "c\tz\ti\tz"));
    DialogueSplit smallest = DialogueSplit.read(corpus, 0.9, 0.05, 1);
    assertThat(List.of(smallest.train(), smallest.dev(), smallest.test()))
        .allSatisfy(part -> assertThat(part).hasSize(1));
    assertThatThrownBy(() -> DialogueSplit.read(corpus, 0.5, 0.5, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("shares above 0 whose sum is below 1");
  }
}
