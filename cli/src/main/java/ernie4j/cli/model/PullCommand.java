package ernie4j.cli.model;

import ernie4j.cli.option.UsageException;
import ernie4j.zoo.download.KnownModel;
import ernie4j.zoo.download.ModelPull;
import ernie4j.zoo.download.ModelRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "pull",
    description =
        "Download a published model and convert it, so that every --model finds it by name.",
    mixinStandardHelpOptions = true)
public final class PullCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Parameters(paramLabel = "NAME", description = "A name that 'ernie4j models' lists.")
  String name;

  @Mixin CacheFlag cache;

  @Option(
      names = "--mirror",
      paramLabel = "URL",
      description = "Download from this address; it replaces scheme and host of the official one.")
  @Nullable URI mirror;

  @Option(
      names = "--offline",
      description = "Do not use the network; fail if the model is not in the cache.")
  boolean offline;

  @Option(names = "--force", description = "Download the model again even if it is in the cache.")
  boolean force;

  @Option(
      names = "--plain-http",
      description =
          "Allow http without encryption, where others on the network can change the file.")
  boolean plainHttp;

  @Override
  public Integer call() throws IOException {
    if (mirror != null && (mirror.getScheme() == null || mirror.getHost() == null)) {
      throw new UsageException("--mirror: expected an address such as https://host/path");
    }
    if (offline && force) {
      throw new UsageException("--force downloads, and --offline forbids it; leave one out");
    }
    PrintWriter out = spec.commandLine().getOut();
    DownloadLine line =
        new DownloadLine(
            spec.commandLine().getErr(), CommandLine.Help.Ansi.AUTO.enabled(), System::nanoTime);
    ModelPull.Pulled pulled =
        new ModelPull(ModelRegistry.standard(), cache.cache())
            .pull(
                name,
                new ModelPull.Options(Optional.ofNullable(mirror), offline, force, plainHttp),
                line);
    KnownModel model = pulled.model();
    out.printf(
        "%s: %s, %,d parameters, %s, %,d bytes%n",
        model.name(),
        pulled.downloaded() ? "pulled" : "already here",
        model.parameters(),
        model.licence(),
        Files.size(pulled.file()));
    out.println("  " + pulled.file());
    pulled.notes().forEach(note -> out.println("  " + note));
    return 0;
  }
}
