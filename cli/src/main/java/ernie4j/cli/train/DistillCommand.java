package ernie4j.cli.train;

import ernie4j.cli.option.ModelPath;
import ernie4j.cli.option.Range;
import ernie4j.cli.option.ShapeName;
import ernie4j.cli.option.Threads;
import ernie4j.cli.option.UsageException;
import ernie4j.cli.report.ProgressPrinter;
import ernie4j.cli.report.StopOnSignal;
import ernie4j.cli.report.TrainingReport;
import ernie4j.engine.EncoderConfig;
import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.file.Sha256;
import ernie4j.engine.kernels.Kernels;
import ernie4j.pipeline.Tokenizers;
import ernie4j.training.Trainer;
import ernie4j.training.TrainingOptions;
import ernie4j.training.autograd.RelationWeights;
import ernie4j.training.distillation.DistillationOptions;
import ernie4j.training.distillation.DistillationTask;
import ernie4j.training.distillation.StudentStart;
import ernie4j.training.distillation.TextCorpus;
import ernie4j.zoo.Architectures;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "distill",
    description =
        "Make small encoders from a large one, with plain text; they are a start for fine-tuning.",
    mixinStandardHelpOptions = true)
public final class DistillCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(
      names = "--teacher",
      paramLabel = "MODEL",
      converter = ModelPath.class,
      required = true,
      description = "An encoder: a file, or the name of a pulled one.")
  Path teacher;

  @Mixin StudentShapes students;

  @Option(
      names = "--assistant",
      converter = ShapeName.class,
      paramLabel = "SHAPE",
      description =
          "First distil the teacher into this shape, in the folder 'assistant', and then distil the"
              + " students from that; helps if they are much smaller than the teacher.")
  @Nullable String assistant;

  @Option(
      names = "--text",
      paramLabel = "FILE",
      arity = "1..*",
      required = true,
      description = "UTF-8 files with one text per line, of any size.")
  List<Path> text;

  @Mixin OutputFolder output;

  @Option(
      names = "--epochs",
      converter = Range.Count.class,
      defaultValue = "1",
      description = "Default: ${DEFAULT-VALUE}.")
  int epochs;

  @Option(
      names = "--max-steps",
      converter = Range.Steps.class,
      description = "Stop after this many optimizer steps (default: no limit).")
  long maxSteps = Long.MAX_VALUE;

  @Option(
      names = "--batch-size",
      converter = Range.Count.class,
      defaultValue = "32",
      description = "Texts per step (default: ${DEFAULT-VALUE}).")
  int batchSize;

  @Option(
      names = "--max-length",
      converter = Range.Length.class,
      defaultValue = "64",
      description =
          "Cut texts to this many tokens, [CLS] and [SEP] included (default: ${DEFAULT-VALUE}).")
  int maxLength;

  @Option(
      names = "--learning-rate",
      converter = Range.Positive.class,
      defaultValue = "5e-4",
      description = "Default: ${DEFAULT-VALUE}.")
  double learningRate;

  @Option(
      names = "--warmup-ratio",
      converter = Range.Share.class,
      defaultValue = "0.05",
      description = "Default: ${DEFAULT-VALUE}.")
  double warmupRatio;

  @Option(
      names = "--weight-decay",
      converter = Range.NotNegative.class,
      defaultValue = "0.01",
      description = "Default: ${DEFAULT-VALUE}.")
  double weightDecay;

  @Option(
      names = "--beta2",
      converter = Range.Decay.class,
      defaultValue = "0.98",
      description = "AdamW's decay of the squared gradients (default: ${DEFAULT-VALUE}).")
  double beta2;

  @Option(
      names = "--relation-heads",
      converter = Range.Count.class,
      description =
          "Relation heads; must divide the hidden sizes of teacher and student (default: as many as possible, at most 16).")
  @Nullable Integer relationHeads;

  @Option(
      names = "--head-relations",
      converter = Range.Share.class,
      defaultValue = "0",
      description =
          "Share of the loss for relations between the relation heads of a token; the rest is for"
              + " relations between tokens (default: ${DEFAULT-VALUE}).")
  double headRelations;

  @Option(
      names = "--sample-relations",
      converter = Range.Share.class,
      defaultValue = "0",
      description =
          "Share of the loss for relations between the texts of a batch, position by position"
              + " (default: ${DEFAULT-VALUE}).")
  double sampleRelations;

  @Option(
      names = "--hidden-weight",
      converter = Range.NotNegative.class,
      defaultValue = "1",
      description =
          "Weight of the error of the last hidden states, compared with the relations (default:"
              + " ${DEFAULT-VALUE}).")
  double hiddenWeight;

  @Option(
      names = "--dropout",
      converter = Range.Dropout.class,
      defaultValue = "0",
      description = "Dropout of the student (default: ${DEFAULT-VALUE}).")
  float dropout;

  @Option(
      names = "--held-out",
      converter = Range.Count.class,
      defaultValue = "1000",
      description = "Texts to evaluate on, chosen by --seed (default: ${DEFAULT-VALUE}).")
  int heldOut;

  @Option(
      names = "--eval-steps",
      converter = Range.Count.class,
      defaultValue = "500",
      description = "Optimizer steps between evaluations (default: ${DEFAULT-VALUE}).")
  int evalSteps;

  @Option(names = "--seed", defaultValue = "42", description = "Default: ${DEFAULT-VALUE}.")
  long seed;

  @Mixin Threads threads;

  @Override
  public Integer call() throws IOException {
    Map<String, EncoderConfig> shapes = students.configs();
    if (headRelations + sampleRelations > 1) {
      throw new UsageException(
          "--head-relations and --sample-relations: expected at most 1 together, got %s and %s"
              .formatted(headRelations, sampleRelations));
    }
    if (assistant == null) {
      output.requireFreshOrResumable();
      distil(teacher, shapes, output);
      return 0;
    }
    OutputFolder first = output.child("assistant");
    output.requireFreshOrResumableWith(first);
    if (!first.isFinished()) {
      distil(teacher, Map.of(assistant, Architectures.of(assistant)), first);
    }
    distil(first.path().resolve(Trainer.MODEL), shapes, output);
    return 0;
  }

  private void distil(Path from, Map<String, EncoderConfig> shapes, OutputFolder to)
      throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    Model large = ModelFile.read(from);
    DistillationOptions options = options(large.config(), shapes);
    Kernels kernels = Kernels.best();
    try (TextCorpus texts = TextCorpus.open(text);
        Parallel parallel = Parallel.of(threads.count())) {
      Map<String, String> facts = provenance(from, large, options);
      Map<String, Model> starts = new LinkedHashMap<>();
      shapes.forEach((name, shape) -> starts.put(name, StudentStart.of(large, shape, seed)));
      DistillationTask task =
          new DistillationTask(
              large, starts, Tokenizers.of(large), texts, options, seed, kernels, parallel, facts);
      err.printf(
          "%,d texts to learn from, %,d to evaluate on; teacher of %,d parameters, %s (%s), %d"
              + " relation heads, %s kernels, %d threads%n",
          task.examples(),
          options.heldOut(),
          large.parameters().elementCount(),
          starts.values().stream()
              .map(start -> "student of %,d".formatted(start.parameters().elementCount()))
              .collect(Collectors.joining(", ")),
          StudentShapes.described(shapes),
          options.relationHeads(),
          kernels.name(),
          threads.count());
      Trainer trainer =
          new Trainer(
              task,
              training(),
              kernels,
              parallel,
              to.path(),
              List.of(new ProgressPrinter(err), new StopOnSignal()));
      to.run(trainer, task.models(), model -> TrainingReport.Content.of("Distillation", facts));
    }
  }

  private TrainingOptions training() {
    return TrainingOptions.builder()
        .epochs(epochs)
        .batchSize(batchSize)
        .learningRate(learningRate)
        .warmupRatio(warmupRatio)
        .weightDecay(weightDecay)
        .evaluateEvery(evalSteps)
        .seed(seed)
        .maxSteps(maxSteps)
        .beta2(beta2)
        .build();
  }

  private DistillationOptions options(EncoderConfig large, Map<String, EncoderConfig> shapes) {
    int[] widths = shapes.values().stream().mapToInt(EncoderConfig::hiddenSize).toArray();
    int heads =
        relationHeads == null
            ? DistillationOptions.relationHeads(large.hiddenSize(), widths)
            : relationHeads;
    RelationWeights relations = new RelationWeights(headRelations, sampleRelations);
    return new DistillationOptions(heads, relations, hiddenWeight, maxLength, dropout, heldOut);
  }

  private Map<String, String> provenance(Path from, Model large, DistillationOptions options)
      throws IOException {
    Map<String, String> lines = new TreeMap<>();
    large.provenance().forEach((key, value) -> lines.put("teacher_" + key, value));
    lines.put("distilled_by", spec.version().length > 0 ? spec.version()[0] : "ernie4j distill");
    lines.put("teacher", String.valueOf(from.getFileName()));
    lines.put("teacher_sha256", Sha256.of(from));
    lines.put(
        "distill_texts",
        text.stream().map(p -> String.valueOf(p.getFileName())).collect(Collectors.joining(", ")));
    lines.put(
        "distill_options",
        "epochs %d, batch %d, learning rate %s, weight decay %s, warm-up %s, beta2 %s, max length %d, relation heads %d, relations of heads %s and samples %s, hidden weight %s, dropout %s, held out %d, seed %d%s"
            .formatted(
                epochs,
                batchSize,
                learningRate,
                weightDecay,
                warmupRatio,
                beta2,
                maxLength,
                options.relationHeads(),
                headRelations,
                sampleRelations,
                hiddenWeight,
                dropout,
                heldOut,
                seed,
                maxSteps == Long.MAX_VALUE ? "" : ", at most %d steps".formatted(maxSteps)));
    return lines;
  }
}
