package ernie4j.cli.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.cli.option.TextColumns;
import ernie4j.cli.report.Json;
import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.HeadOptions;
import ernie4j.engine.head.Task;
import ernie4j.engine.kernels.Kernels;
import ernie4j.pipeline.JointSlu;
import ernie4j.pipeline.json.ResultJson;
import ernie4j.training.data.JointExample;
import ernie4j.training.data.JointFile;
import ernie4j.training.data.Labels;
import ernie4j.training.data.Split;
import ernie4j.training.evaluation.Evaluated;
import ernie4j.training.evaluation.HeldOutDialogues;
import ernie4j.training.evaluation.JointEvaluation;
import ernie4j.training.metrics.Reliability;
import ernie4j.training.task.JointObjective;
import ernie4j.training.task.Objective;
import ernie4j.training.task.TaskSetup;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Intents and slots of utterances. */
final class JointTask implements CommandTask<JointExample> {
  private static final int SHOWN_PROBLEMS = 5;

  /** Utterances of this length are timed: 16 tokens of a Chinese text. */
  private static final int TIMED_CHARACTERS = 14;

  private static final int TIMED_TEXTS = 100;

  /** The names of intents and slots. */
  static final class LabelOptions {
    /** Both, or none. */
    static final class Files {
      @Option(
          names = "--intent-labels",
          paramLabel = "FILE",
          required = true,
          description = "File of intents, one a line (default: those of the corpus).")
      Path intents;

      @Option(
          names = "--slot-labels",
          paramLabel = "FILE",
          required = true,
          description = "File of slot labels, one a line: padding, O, B-..., I-...")
      Path slots;
    }

    @ArgGroup(exclusive = false)
    @Nullable Files files;
  }

  private final LabelOptions labels = new LabelOptions();
  private final TagDecoding decoding = new TagDecoding(task());

  @Override
  public String name() {
    return "slu";
  }

  @Override
  public Task task() {
    return Task.JOINT_INTENT_SLOTS;
  }

  @Override
  public String training() {
    return "Fine-tune a joint intent and slot model. Files: one utterance a line, as session, text, intent and annotated text, separated by tabs.";
  }

  @Override
  public String evaluation() {
    return "Accuracy of a joint model: percent of utterances with the right intent and all slots right.";
  }

  @Override
  public List<Object> trainingOptions() {
    return List.of(labels, decoding);
  }

  /** The defaults of the reference. */
  @Override
  public Map<String, String> defaults() {
    return Map.of("--epochs", "6", "--max-length", "16", "--vocabulary-size", "6000");
  }

  @Override
  public double devShare() {
    return 0.2;
  }

  @Override
  public String examples() {
    return "utterances";
  }

  @Override
  public Model defaultModel() throws IOException {
    return JointSlu.bundledModel();
  }

  @Override
  public List<JointExample> read(Path file, PrintWriter err) throws IOException {
    JointFile corpus = JointFile.read(file);
    List<String> problems = corpus.problems();
    err.printf(
        "%s: %,d utterances; left out %,d corrections and %,d lines that cannot be read%n",
        file, corpus.examples().size(), corpus.corrections(), problems.size());
    problems.stream().limit(SHOWN_PROBLEMS).forEach(p -> err.println("ernie4j: " + p));
    if (problems.size() > SHOWN_PROBLEMS) {
      err.println("  ...");
    }
    return corpus.examples();
  }

  /** Reads a corpus, or a file with one text a line. */
  @Override
  public List<JointExample> readOpen(Path file) throws IOException {
    return TextColumns.hasTabs(file) ? JointFile.read(file).examples() : readUnlabelled(file);
  }

  @Override
  public List<JointExample> readUnlabelled(Path file) throws IOException {
    return TextColumns.plainTexts(file).stream().map(JointExample::unlabelled).toList();
  }

  @Override
  public List<String> texts(JointExample example) {
    return List.of(example.text());
  }

  @Override
  public Objective objective(
      TaskSetup setup, Split<JointExample> data, Map<String, List<String>> kept)
      throws IOException {
    boolean constrained = decoding.constrainsTags(setup.model());
    List<String> intents = kept.get(Task.INTENT);
    List<String> slots = kept.get(Task.SLOT);
    if (intents != null && slots != null) {
      return new JointObjective(setup, new Labels(intents), new Labels(slots), constrained, data);
    }
    return labels.files == null
        ? JointObjective.of(setup, constrained, data)
        : new JointObjective(
            setup,
            Labels.read(labels.files.intents),
            Labels.read(labels.files.slots),
            constrained,
            data);
  }

  @Override
  public Evaluated evaluate(
      Model model, List<JointExample> examples, Kernels kernels, Parallel parallel) {
    return evaluatePart(model, examples, examples, kernels, parallel);
  }

  /** The slots of an intent count if any utterance with it, also outside the part, has slots. */
  @Override
  public Evaluated evaluatePart(
      Model model,
      List<JointExample> part,
      List<JointExample> all,
      Kernels kernels,
      Parallel parallel) {
    return JointEvaluation.of(
        JointEvaluation.pipeline(model, kernels, parallel),
        part,
        JointEvaluation.intentsWithoutSlots(all));
  }

  @Override
  public Optional<String> heldOut(List<JointExample> train, List<JointExample> dev) {
    return HeldOutDialogues.of(train, dev).map(HeldOutDialogues::sentence);
  }

  @Override
  public List<String> temperatures() {
    return List.of(HeadOptions.TEMPERATURE, HeadOptions.SLOT_TEMPERATURE);
  }

  /** Says of which intents the evaluation does not compare slots. */
  @Override
  public Model beforeTemperatures(Model model, List<JointExample> examples) {
    Set<String> intents = JointEvaluation.intentsWithoutSlots(examples);
    return intents.isEmpty()
        ? model.withoutOptions(HeadOptions.INTENTS_WITHOUT_SLOTS)
        : model.withOption(HeadOptions.INTENTS_WITHOUT_SLOTS, String.join("\t", intents));
  }

  /** Intents alone first, then slots, so that the confidence in both together is right. */
  @Override
  public Reliability reliability(
      Model model, String option, List<JointExample> examples, Kernels kernels, Parallel parallel) {
    return option.equals(HeadOptions.TEMPERATURE)
        ? JointEvaluation.intentReliability(
            JointEvaluation.pipeline(model, kernels, parallel), examples)
        : CommandTask.super.reliability(model, option, examples, kernels, parallel);
  }

  @Override
  public List<String> cautions(List<JointExample> examples) {
    return JointEvaluation.cautions(examples);
  }

  @Override
  public List<ObjectNode> predict(
      Model model, List<JointExample> examples, Kernels kernels, Parallel parallel) {
    JointSlu slu = JointEvaluation.pipeline(model, kernels, parallel);
    return Json.lines(
        examples,
        JointEvaluation.answers(slu, examples),
        example -> Json.texts(example.text(), null),
        (line, example, result) -> {
          ResultJson.add(line, result);
          result.labels().forEach(line.putArray("labels")::add);
        });
  }

  @Override
  public Consumer<JointExample> answering(Model model) {
    JointSlu slu = JointSlu.of(model);
    return e -> slu.parse(e.text());
  }

  /** The Chinese characters of the first utterances, cut to the same length. */
  @Override
  public List<JointExample> timed(List<JointExample> dev) {
    StringBuilder all = new StringBuilder();
    for (JointExample example : dev) {
      all.append(example.text().replaceAll("[^\\u4e00-\\u9fff]", ""));
      if (all.length() >= TIMED_TEXTS * TIMED_CHARACTERS) {
        break;
      }
    }
    List<JointExample> texts = new ArrayList<>();
    for (int i = 0;
        i + TIMED_CHARACTERS <= all.length() && texts.size() < TIMED_TEXTS;
        i += TIMED_CHARACTERS) {
      texts.add(JointExample.unlabelled(all.substring(i, i + TIMED_CHARACTERS)));
    }
    return texts.isEmpty() ? dev.subList(0, 1) : texts;
  }
}
