package ernie4j.cli.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.cli.report.Json;
import ernie4j.zoo.cache.ModelCache;
import ernie4j.zoo.download.KnownModel;
import ernie4j.zoo.download.ModelRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "models",
    description =
        "List the published models that 'pull' knows: size, licence, how they read and embed texts, and whether they are in the cache.",
    footerHeading = "The columns:%n",
    footer = {
      "  parameters  number of parameters of encoder and pooler",
      "  MB          size of the weights in float32, about the size of the download",
      "  licence     licence of the weights",
      "  pooling     how a text becomes a vector; - if the model was not trained for that",
      "  letters     lower if the tokenizer lower-cases texts; - if only the model's files say so",
      "  checked     the hash that a download is compared with; - if none is known",
      "  here        whether the model is in the cache"
    },
    mixinStandardHelpOptions = true)
public final class ModelsCommand implements Callable<Integer> {
  private static final String ROW = "%-28s %12s %6s  %-30s  %-7s  %-7s  %-7s  %-4s  %s";

  @Spec CommandSpec spec;

  @Mixin CacheFlag cache;

  @Option(
      names = "--json",
      description = "One JSON object a line, with the addresses and hashes of the files.")
  boolean json;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    ModelCache here = cache.cache();
    if (!json) {
      out.println(
          ROW.formatted(
              "name",
              "parameters",
              "MB",
              "licence",
              "pooling",
              "letters",
              "checked",
              "",
              "other names"));
    }
    for (KnownModel model : ModelRegistry.standard().models()) {
      boolean cached = here.find(model.name()).isPresent();
      out.println(json ? toJson(model, cached) : row(model, cached));
    }
    return 0;
  }

  private static String row(KnownModel model, boolean cached) {
    return ROW.formatted(
            model.name(),
            String.format(Locale.ROOT, "%,d", model.parameters()),
            String.format(Locale.ROOT, "%,d", Math.round(model.weightBytes() / 1e6)),
            model.licence(),
            model.pooling().orElse("-"),
            model.lowerCase().map(lower -> lower ? "lower" : "as is").orElse("-"),
            checked(model),
            cached ? "here" : "",
            String.join(" ", model.aliases()))
        .stripTrailing();
  }

  /** The weakest check among its files. */
  private static String checked(KnownModel model) {
    List<String> kinds =
        model.files().stream()
            .map(file -> file.pin().map(pin -> pin.substring(0, pin.indexOf(':'))).orElse("-"))
            .toList();
    return Stream.of("-", "md5", "sha256").filter(kinds::contains).findFirst().orElse("-");
  }

  private static ObjectNode toJson(KnownModel model, boolean cached) {
    ObjectNode object = Json.object();
    object.put("name", model.name());
    model.aliases().forEach(object.putArray("aliases")::add);
    object.put("parameters", model.parameters());
    object.put("weight_bytes", model.weightBytes());
    object.put("licence", model.licence());
    model.pooling().ifPresent(pooling -> object.put("pooling", pooling));
    model.lowerCase().ifPresent(lower -> object.put("lower_case", lower));
    object.put("cached", cached);
    object.put("origin", model.origin());
    ObjectNode files = object.putObject("files");
    ObjectNode pins = object.putObject("pins");
    for (KnownModel.SourceFile file : model.files()) {
      files.put(file.as(), file.url().toString());
      file.pin().ifPresent(pin -> pins.put(file.as(), pin));
    }
    return object;
  }
}
