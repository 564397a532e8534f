package ernie4j.cli.train;

import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.cli.option.ModelPath;
import ernie4j.cli.option.Range;
import ernie4j.cli.option.SluData;
import ernie4j.cli.option.SplitSeed;
import ernie4j.cli.option.Threads;
import ernie4j.cli.report.Json;
import ernie4j.cli.report.ProgressPrinter;
import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.kernels.Kernels;
import ernie4j.pipeline.JointSlu;
import ernie4j.pipeline.Tokenizers;
import ernie4j.training.slu.SluCorpus;
import ernie4j.training.slu.SluEvaluator;
import ernie4j.training.slu.SluExample;
import ernie4j.training.slu.SluLabels;
import ernie4j.training.slu.SluMetrics;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "slu",
    description =
        "Accuracy of a joint model: percent of utterances with the right intent and all slots right.",
    mixinStandardHelpOptions = true)
final class EvaluateSluCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      converter = ModelPath.class,
      description = "A joint model, a file or the name of a pulled one; default: the bundled one.")
  @Nullable Path model;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      required = true,
      description = "Utterances as for training.")
  Path data;

  @Option(
      names = "--dev-share",
      converter = Range.PartOrAll.class,
      defaultValue = "1",
      description =
          "Evaluate only the share that training with this --dev-share held back (default: all).")
  double devShare;

  @Mixin SplitSeed split;

  @Mixin Threads threads;

  @Option(names = "--json", description = "One JSON object.")
  boolean json;

  @Override
  public Integer call() throws IOException {
    Model joint = model == null ? JointSlu.bundledModel() : ModelFile.read(model);
    PrintWriter out = spec.commandLine().getOut();
    SluCorpus corpus = SluData.read(data, "corpus", spec.commandLine().getErr());
    List<SluExample> examples =
        devShare == 1 ? corpus.examples() : corpus.split(devShare, split.seed()).dev();
    SluEvaluator evaluator =
        SluEvaluator.of(
            examples,
            Tokenizers.of(joint),
            SluLabels.of(joint.labels()),
            joint.config().maxPositions());
    try (Parallel parallel = Parallel.of(threads.count())) {
      SluMetrics metrics = evaluator.evaluate(joint, Kernels.best(), parallel);
      if (json) {
        ObjectNode object = Json.object();
        object.put("examples", metrics.examples());
        metrics.toMap().forEach(object::put);
        out.println(object);
      } else {
        out.printf(
            "%,d utterances: %s%n", metrics.examples(), ProgressPrinter.metrics(metrics.toMap()));
      }
    }
    return 0;
  }
}
