package ernie4j.cli.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.cli.report.Json;
import ernie4j.zoo.cache.ModelCache;
import ernie4j.zoo.download.KnownModel;
import ernie4j.zoo.download.ModelRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "models",
    description =
        "List the published models that 'pull' knows: parameters, licence, whether it is here, other names.",
    mixinStandardHelpOptions = true)
public final class ModelsCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Mixin CacheFlag cache;

  @Option(names = "--json", description = "One JSON object a line, with the addresses.")
  boolean json;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    ModelCache here = cache.cache();
    for (KnownModel model : ModelRegistry.standard().models()) {
      boolean cached = here.find(model.name()).isPresent();
      if (json) {
        out.println(toJson(model, cached));
      } else {
        out.printf(
            Locale.ROOT,
            "%-28s %,12d  %-30s  %-4s  %s%n",
            model.name(),
            model.parameters(),
            model.licence(),
            cached ? "here" : "",
            String.join(" ", model.aliases()));
      }
    }
    return 0;
  }

  private static ObjectNode toJson(KnownModel model, boolean cached) {
    ObjectNode object = Json.object();
    object.put("name", model.name());
    model.aliases().forEach(object.putArray("aliases")::add);
    object.put("parameters", model.parameters());
    object.put("licence", model.licence());
    object.put("cached", cached);
    object.put("origin", model.origin());
    ObjectNode files = object.putObject("files");
    model.files().forEach(file -> files.put(file.as(), file.url().toString()));
    return object;
  }
}
