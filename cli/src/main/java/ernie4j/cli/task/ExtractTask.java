package ernie4j.cli.task;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.cli.option.TextColumns;
import ernie4j.cli.option.UsageException;
import ernie4j.cli.report.Json;
import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.HeadOptions;
import ernie4j.engine.head.Task;
import ernie4j.engine.kernels.Kernels;
import ernie4j.pipeline.Extraction;
import ernie4j.pipeline.ExtractionSchema;
import ernie4j.pipeline.InformationExtractor;
import ernie4j.training.TrainingOptions;
import ernie4j.training.data.ExtractionExample;
import ernie4j.training.data.ExtractionFiles;
import ernie4j.training.data.Split;
import ernie4j.training.evaluation.Evaluated;
import ernie4j.training.evaluation.ExtractionEvaluation;
import ernie4j.training.task.ExtractionObjective;
import ernie4j.training.task.ExtractionRecipe;
import ernie4j.training.task.Objective;
import ernie4j.training.task.TaskSetup;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Spans that answer prompts. */
final class ExtractTask implements CommandTask<ExtractionExample> {
  /** Options that only training has. */
  static final class Options {
    @Option(
        names = "--prompts",
        paramLabel = "NAMES",
        description =
            "Prompts for the texts of an --unlabelled .txt file, for example 时间,选手,情感倾向[正向,负向].")
    @Nullable String prompts;

    @Option(
        names = "--english-prompts",
        description =
            "The prompts are in English, like 'founder of Apple', and so will be those of 'extract' (default: as for the start model).")
    boolean english;
  }

  private final Options options = new Options();

  @Override
  public String name() {
    return "extract";
  }

  @Override
  public Task task() {
    return Task.INFORMATION_EXTRACTION;
  }

  @Override
  public String training() {
    return "Fine-tune a model to find what prompts ask for (UIE), from a plain encoder or an extractor. Files: JSON lines of content, prompt and result_list, as 'convert-annotations' makes them.";
  }

  @Override
  public String evaluation() {
    return "Precision, recall and F1 of answers to prompts, over all of them and for each kind.";
  }

  @Override
  public List<Object> trainingOptions() {
    return List.of(options);
  }

  /** Splits by texts, because most have several prompts. */
  @Override
  public Split<ExtractionExample> split(List<ExtractionExample> examples, double share, long seed) {
    return Split.ofGroups(examples, ExtractionExample::content, share, seed);
  }

  /**
   * The defaults of the reference; automatic values depend on the start model and on the amount of
   * data.
   */
  @Override
  public Map<String, String> defaults() {
    return Map.of(
        "--batch-size", "16",
        "--epochs", "auto",
        "--learning-rate", "auto",
        "--lr-scheduler", "constant",
        "--max-grad-norm", "Infinity",
        "--max-length", "512",
        "--warmup-ratio", "0");
  }

  @Override
  public Optional<TrainingOptions> recipe(Model start, int examples) {
    return Optional.of(ExtractionRecipe.options(start, examples));
  }

  @Override
  public String examples() {
    return "prompts";
  }

  @Override
  public List<ExtractionExample> read(Path file, PrintWriter err) throws IOException {
    return ExtractionFiles.read(file);
  }

  @Override
  public List<ExtractionExample> readOpen(Path file) throws IOException {
    return ExtractionFiles.readUnlabelled(file);
  }

  /** Reads prompts about texts, or plain texts, which get the prompts of the option. */
  @Override
  public List<ExtractionExample> readUnlabelled(Path file) throws IOException {
    if (options.prompts == null) {
      if (TextColumns.isPlain(file) && !ExtractionFiles.isJson(file)) {
        throw new UsageException(
            "--unlabelled: expected JSON lines with content and prompt, or texts and --prompts, which 'train extract' asks about each text; got only texts in "
                + file);
      }
      return readOpen(file);
    }
    List<ExtractionExample> examples = new ArrayList<>();
    for (String text : TextColumns.plainTexts(file)) {
      for (String prompt : prompts(options.prompts)) {
        examples.add(new ExtractionExample(text, prompt, List.of()));
      }
    }
    return examples;
  }

  private static List<String> prompts(String names) {
    List<String> prompts = new ArrayList<>();
    for (ExtractionSchema.Node node : ExtractionSchema.parse(names).nodes()) {
      if (!node.children().isEmpty()) {
        throw new UsageException(
            "--prompts: expected names without others below them, got '%s' with %s"
                .formatted(
                    node.name(),
                    node.children().stream().map(ExtractionSchema.Node::name).toList()));
      }
      prompts.add(node.name());
    }
    return prompts;
  }

  @Override
  public List<String> texts(ExtractionExample example) {
    return List.of(example.prompt(), example.content());
  }

  @Override
  public Objective objective(
      TaskSetup setup, Split<ExtractionExample> data, Map<String, List<String>> kept) {
    return options.english
        ? new ExtractionObjective(
            setup, data, Map.of(HeadOptions.SCHEMA_LANGUAGE, HeadOptions.ENGLISH))
        : new ExtractionObjective(setup, data);
  }

  @Override
  public Evaluated evaluate(
      Model model, List<ExtractionExample> examples, Kernels kernels, Parallel parallel) {
    return ExtractionEvaluation.of(
        ExtractionEvaluation.pipeline(model, kernels, parallel), examples);
  }

  @Override
  public List<String> cautions(List<ExtractionExample> examples) {
    return ExtractionEvaluation.cautions(examples);
  }

  @Override
  public List<ObjectNode> predict(
      Model model, List<ExtractionExample> examples, Kernels kernels, Parallel parallel) {
    InformationExtractor extractor = ExtractionEvaluation.pipeline(model, kernels, parallel);
    return Json.lines(
        examples,
        ExtractionEvaluation.answers(extractor, examples),
        example -> {
          ObjectNode line = Json.object();
          line.put("content", example.content());
          line.put("prompt", example.prompt());
          return line;
        },
        ExtractTask::put);
  }

  /** Writes the format of training files, so that models can learn from predictions. */
  private static void put(ObjectNode line, ExtractionExample example, List<Extraction> found) {
    ArrayNode results = line.putArray("result_list");
    ExtractionExample answered = ExtractionEvaluation.predicted(example, found);
    for (int i = 0; i < found.size(); i++) {
      ObjectNode node = results.addObject();
      ExtractionFiles.put(node, answered, answered.answers().get(i));
      node.put("probability", found.get(i).probability());
    }
  }

  @Override
  public Consumer<ExtractionExample> answering(Model model) {
    InformationExtractor extractor = InformationExtractor.of(model);
    return e -> extractor.tryAsk(List.of(new InformationExtractor.Query(e.content(), e.prompt())));
  }
}
