package ernie4j.training.data;

import ernie4j.engine.file.AtomicFile;
import ernie4j.training.ExampleOrder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The dialogues of a corpus as {@link JointFile} reads it, in three parts. The utterances of one
 * dialogue are much alike, so a model that has learned from some of them looks better on the others
 * than it is for speakers whom it has never heard.
 *
 * @param train the dialogues to learn from
 * @param dev the dialogues to choose a model on
 * @param test the dialogues to measure the chosen model on
 */
public record DialogueSplit(List<Dialogue> train, List<Dialogue> dev, List<Dialogue> test) {
  private static final int COLUMNS = 4;

  /** Keeps unmodifiable copies. */
  public DialogueSplit {
    train = List.copyOf(train);
    dev = List.copyOf(dev);
    test = List.copyOf(test);
  }

  /**
   * The lines of one session.
   *
   * @param id the first column
   * @param lines its lines in the corpus, in order, corrections included
   */
  public record Dialogue(String id, List<String> lines) {
    /** Keeps an unmodifiable copy. */
    public Dialogue {
      lines = List.copyOf(lines);
    }
  }

  /**
   * Reads and splits a corpus. Lines that do not have four columns are left out.
   *
   * @param file the corpus, in the format of {@link JointFile}
   * @param devShare share of the dialogues in the dev part, which gets at least one
   * @param testShare share of the dialogues in the test part, which gets at least one
   * @param seed the same seed always gives the same parts
   * @return the three parts, each with its dialogues in the order of the file
   * @throws IOException if the file cannot be read, or has fewer than three dialogues
   * @throws IllegalArgumentException if the shares are not above 0 and below 1 together
   */
  public static DialogueSplit read(Path file, double devShare, double testShare, long seed)
      throws IOException {
    if (!(devShare > 0 && testShare > 0 && devShare + testShare < 1)) {
      throw new IllegalArgumentException(
          "DialogueSplit: expected shares above 0 whose sum is below 1, got %s and %s"
              .formatted(devShare, testShare));
    }
    List<Dialogue> dialogues = dialogues(file);
    int count = dialogues.size();
    if (count < 3) {
      throw new IOException(
          "%s: expected at least 3 dialogues (first column), one for each part, got %d"
              .formatted(file, count));
    }
    int test = Math.max(1, (int) (count * testShare));
    int dev = Math.min(Math.max(1, (int) (count * devShare)), count - test - 1);
    int[] order = ExampleOrder.shuffled(count, seed);
    return new DialogueSplit(
        chosen(dialogues, order, test + dev, count),
        chosen(dialogues, order, test, test + dev),
        chosen(dialogues, order, 0, test));
  }

  private static List<Dialogue> dialogues(Path file) throws IOException {
    Map<String, List<String>> byId = new LinkedHashMap<>();
    for (TextLines.Line line : TextLines.read(file)) {
      String[] columns = line.text().strip().split("\t", -1);
      if (columns.length == COLUMNS) {
        byId.computeIfAbsent(columns[0], id -> new ArrayList<>()).add(line.text());
      }
    }
    return byId.entrySet().stream().map(e -> new Dialogue(e.getKey(), e.getValue())).toList();
  }

  /** Some dialogues in the order of the file. */
  private static List<Dialogue> chosen(List<Dialogue> all, int[] order, int from, int to) {
    return Arrays.stream(order, from, to).sorted().mapToObj(all::get).toList();
  }

  /**
   * Writes {@code train.txt}, {@code dev.txt} and {@code test.txt} in the format of the corpus, a
   * blank line between dialogues.
   *
   * @param folder where to write; created if it does not exist
   * @throws IOException if the folder cannot be created or a file cannot be written
   */
  public void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    write(folder.resolve("train.txt"), train);
    write(folder.resolve("dev.txt"), dev);
    write(folder.resolve("test.txt"), test);
  }

  private static void write(Path file, List<Dialogue> dialogues) throws IOException {
    StringBuilder text = new StringBuilder();
    for (Dialogue dialogue : dialogues) {
      text.append(text.isEmpty() ? "" : "\n");
      dialogue.lines().forEach(line -> text.append(line).append('\n'));
    }
    AtomicFile.writeText(file, text);
  }
}
