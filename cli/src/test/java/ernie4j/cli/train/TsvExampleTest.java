package ernie4j.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.cli.TinyModel;
import ernie4j.pipeline.TextClassifier;
import ernie4j.training.TrainingOptions;
import ernie4j.training.optimizer.LearningRateSchedule.Shape;
import ernie4j.training.task.ClassificationObjective;
import ernie4j.training.task.TaskSetup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example in the documents: a classifier from a user's table, in Java. */
class TsvExampleTest {
  @TempDir Path folder;

  /** Trains on a table with the columns text and label, and classifies a new text. */
  static String trainAndAsk(Path encoder, Path table, Path output, String text) throws IOException {
    TaskSetup setup = TaskSetup.load(encoder.toString(), 64);
    TrainingOptions options =
        TrainingOptions.builder()
            .epochs(40)
            .batchSize(16)
            .learningRate(5e-3)
            .schedule(Shape.COSINE)
            .evaluateEvery(20)
            .build();
    setup.fineTune(ClassificationObjective.of(setup, table, 0.2), options, output);

    TextClassifier classifier = TextClassifier.load(output.resolve("model.ernie"));
    return classifier.classify(text).label();
  }

  @Test
  void trainsAClassifierFromATable() throws IOException {
    Path encoder = TinyModel.write(folder.resolve("tiny.ernie"), TinyModel.vocabulary());
    List<String> lines = new ArrayList<>(List.of("label\ttext"));
    String names = "周华健刘德张学友";
    for (int i = 0; i < 120; i++) {
      int at = i / 2 % 6; // every name occurs with both labels
      String name = names.substring(at, at + 1 + i % 3);
      lines.add(i % 2 == 0 ? "music\t放" + name + "的歌" : "way\t去" + name + "路");
    }
    Path table = Files.write(folder.resolve("own.tsv"), lines);
    assertThat(trainAndAsk(encoder, table, folder.resolve("run"), "放友健的歌")).isEqualTo("music");
    assertThat(trainAndAsk(encoder, table, folder.resolve("run2"), "去友健路")).isEqualTo("way");
  }
}
