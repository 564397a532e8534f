package ernie4j.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.cli.TinyModel;
import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.pipeline.Tokenizers;
import ernie4j.training.Trainer;
import ernie4j.training.TrainingHistory;
import ernie4j.training.TrainingOptions;
import ernie4j.training.data.Labels;
import ernie4j.training.data.Split;
import ernie4j.training.data.TableFile;
import ernie4j.training.data.TextExample;
import ernie4j.training.optimizer.LearningRateSchedule.Shape;
import ernie4j.training.task.EncoderTask;
import ernie4j.training.task.TaskSetup;
import ernie4j.training.task.TextClassification;
import ernie4j.training.task.TextClassifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of the documents: a classifier from one's own table, in Java. */
class TsvExampleTest {
  @TempDir Path folder;

  /** Trains on a table with the columns text and label, and classifies a new text. */
  static String trainAndAsk(Path encoderFile, Path table, Path output, String text)
      throws IOException {
    Model encoder = ModelFile.read(encoderFile);
    Split<TextExample> data = Split.of(TableFile.read(table, null), 0.2, 42);
    Labels labels = Labels.ofTexts(data.train());
    TrainingOptions options =
        TrainingOptions.builder()
            .epochs(40)
            .batchSize(16)
            .learningRate(5e-3)
            .schedule(Shape.COSINE)
            .evaluateEvery(20)
            .build();
    try (Parallel parallel = Parallel.of(2)) {
      TaskSetup setup = TaskSetup.of(encoder, Tokenizers.of(encoder), 64, parallel);
      EncoderTask task = new EncoderTask(setup, new TextClassification(setup, labels, data));
      TrainingHistory history = setup.trainer(task, options, output).run();
      System.out.println(history.best().orElseThrow().metrics());

      Model best = ModelFile.read(output.resolve(Trainer.MODEL));
      TextClassifier classifier = new TextClassifier(setup.inference(best));
      return classifier.predict(List.of(new TextExample(text, null, null))).get(0).label();
    }
  }

  @Test
  void oneTrainsAClassifierFromOnesOwnTable() throws IOException {
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
