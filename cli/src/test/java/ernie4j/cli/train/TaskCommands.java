package ernie4j.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ernie4j.cli.CommandLineRun;
import ernie4j.cli.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Trains, evaluates and predicts through the command line, from a tiny encoder. */
abstract class TaskCommands {
  static final String NAMES = "周华健刘德张学友";

  @TempDir Path folder;

  Path model;

  @BeforeEach
  void writeModel() throws IOException {
    model = TinyModel.write(folder.resolve("tiny.ernie"), TinyModel.vocabulary());
  }

  final CommandLineRun train(String task, Path data, Object... more) {
    List<Object> all = new ArrayList<>(List.of("train", task, "--model", model));
    all.addAll(List.of("--output-dir", folder.resolve(task), "--max-length", 16));
    all.addAll(List.of("--learning-rate", 5e-3, "--batch-size", 16));
    all.addAll(List.of("--eval-steps", 20, "--epochs", 15));
    all.addAll(List.of(task.equals("mlm") ? "--text" : "--data", data));
    all.addAll(List.of(more));
    CommandLineRun run = CommandLineRun.of(all.toArray());
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("best at step", "model.ernie", "training.png", "report.html");
    return run;
  }

  final JsonNode evaluate(String task, Path data, Object... more) throws IOException {
    List<Object> all = new ArrayList<>(List.of("evaluate", task, "--json", "--data", data));
    all.addAll(List.of("--model", folder.resolve(task).resolve("model.ernie")));
    all.addAll(List.of(more));
    CommandLineRun run = CommandLineRun.of(all.toArray());
    assertThat(run.code()).as(run.err()).isZero();
    return new ObjectMapper().readTree(run.out());
  }

  final List<JsonNode> predict(String task, Path data, Object... more) throws IOException {
    Path output = folder.resolve("predictions.jsonl");
    List<Object> all = new ArrayList<>(List.of("predict", "--data", data, "--output", output));
    all.addAll(List.of("--model", folder.resolve(task).resolve("model.ernie")));
    all.addAll(List.of(more));
    CommandLineRun run = CommandLineRun.of(all.toArray());
    assertThat(run.code()).as(run.err()).isZero();
    List<JsonNode> nodes = new ArrayList<>();
    for (String line : Files.readAllLines(output)) {
      nodes.add(new ObjectMapper().readTree(line));
    }
    return nodes;
  }

  final Path lines(String name, List<String> lines) throws IOException {
    return Files.write(folder.resolve(name), lines);
  }

  static String name(int i) {
    return NAMES.substring(i % 6, i % 6 + 1 + i % 3);
  }
}
