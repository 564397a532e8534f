package ernie4j.cli.model;

import ernie4j.cli.option.ModelPath;
import ernie4j.engine.EncoderConfig;
import ernie4j.engine.Int8Weight;
import ernie4j.engine.Weight;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.head.HeadOutput;
import ernie4j.engine.head.Task;
import ernie4j.pipeline.JointSlu;
import ernie4j.zoo.ListedTensor;
import ernie4j.zoo.ModelImport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "inspect",
    description =
        "Show the contents of a model file: shape, labels, provenance, tensors. For files of other frameworks, show the tensors.",
    mixinStandardHelpOptions = true)
public final class InspectCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(names = "--tensors", description = "List every tensor.")
  boolean tensors;

  @Parameters(
      paramLabel = "MODEL",
      converter = ModelPath.class,
      arity = "0..1",
      description = "A model file, or the name of a pulled one (default: the bundled model).")
  @Nullable Path file;

  @Override
  public Integer call() throws IOException {
    if (file != null && !isModelFile(file)) {
      listForeign(file);
      return 0;
    }
    Model model = file == null ? JointSlu.bundledModel() : ModelFile.read(file);
    PrintWriter out = spec.commandLine().getOut();
    EncoderConfig c = model.config();
    row(
        out,
        "file",
        file == null ? "(bundled)" : "%s, %,d bytes".formatted(file, Files.size(file)));
    row(out, "task", model.task());
    Task.find(model.task()).ifPresent(task -> showHead(task, out));
    row(
        out,
        "encoder",
        "%d layers, hidden %d, %d heads of %d, intermediate %d"
            .formatted(
                c.layers(),
                c.hiddenSize(),
                c.attentionHeads(),
                c.headSize(),
                c.intermediateSize()));
    row(
        out,
        "embeddings",
        "%,d words, %d positions, %d token types, %d task types"
            .formatted(c.vocabularySize(), c.maxPositions(), c.tokenTypes(), c.taskTypes()));
    row(
        out,
        "parameters",
        "%,d in %d tensors"
            .formatted(model.parameters().elementCount(), model.parameters().size()));
    row(out, "vocabulary", "%,d tokens".formatted(model.vocabulary().size()));
    row(out, "tokenizer", model.tokenizerOptions().toString());
    model.labels().forEach((name, labels) -> row(out, name + " labels", String.join(" ", labels)));
    model.options().forEach((key, value) -> row(out, key, value));
    model.provenance().forEach((key, value) -> row(out, key, value));
    if (tensors) {
      model
          .parameters()
          .weights()
          .forEach(
              (name, weight) -> {
                tensor(out, name, weight);
                if (weight.inMemory() instanceof Int8Weight codes) {
                  tensor(out, codes.coding().companion(name), codes.companion());
                }
              });
    }
    return 0;
  }

  private static void tensor(PrintWriter out, String name, Weight weight) {
    out.printf(
        Locale.ROOT,
        "%,12d bytes  %-7s  %s %s%n",
        (long) weight.size() * weight.type().bytes(),
        weight.type(),
        name,
        Arrays.toString(weight.shape()));
  }

  /** Whether a file is a model file of this library or looks like a damaged safetensors file. */
  private static boolean isModelFile(Path file) throws IOException {
    if (!Files.isRegularFile(file) || !ModelImport.isSafetensors(file)) {
      return !Files.exists(file);
    }
    return ModelFile.isModelFile(file);
  }

  private void listForeign(Path source) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    List<ListedTensor> all = ModelImport.list(source);
    long numbers = 0;
    for (ListedTensor tensor : all) {
      numbers += tensor.shape().stream().reduce(1L, (a, b) -> a * b);
    }
    row(out, "file", "%s, of another framework; 'convert' makes a model of it".formatted(source));
    row(out, "tensors", "%,d with %,d numbers".formatted(all.size(), numbers));
    for (ListedTensor tensor : all) {
      out.printf(
          "%-8s  %s %s%n", tensor.type().toLowerCase(Locale.ROOT), tensor.name(), tensor.shape());
    }
  }

  private static void showHead(Task task, PrintWriter out) {
    for (HeadOutput output : task.outputs()) {
      row(
          out,
          "head",
          "%s, a row for each %s"
              .formatted(output.layer(), output.row().isPooled() ? "text" : "token"));
    }
  }

  private static void row(PrintWriter out, String name, String value) {
    out.printf("%-17s %s%n", name, value);
  }
}
