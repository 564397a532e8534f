package ernie4j.zoo.download;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ernie4j.zoo.Architectures;
import ernie4j.zoo.conversion.JsonFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The published models that are known by name, from {@code registry.json} beside this class. */
public final class ModelRegistry {
  /** UIE over ERNIE-M and ERNIE-Layout. */
  private static final Pattern OTHER_UIE = Pattern.compile("uie-[mx]-.*");

  private final List<KnownModel> models;

  private ModelRegistry(List<KnownModel> models) {
    this.models = List.copyOf(models);
  }

  /** {@return the registry of this version} */
  public static ModelRegistry standard() {
    try (InputStream in = ModelRegistry.class.getResourceAsStream("registry.json")) {
      if (in == null) {
        throw new IllegalStateException("registry.json is missing from this build");
      }
      return read(in);
    } catch (IOException e) {
      throw new IllegalStateException("registry.json of this build cannot be read", e);
    }
  }

  static ModelRegistry read(InputStream in) throws IOException {
    List<KnownModel> models = new ArrayList<>();
    for (JsonNode model : new ObjectMapper().readTree(in).required("models")) {
      models.add(model(model));
    }
    return new ModelRegistry(models);
  }

  private static KnownModel model(JsonNode node) {
    List<String> aliases = new ArrayList<>();
    node.required("aliases").forEach(alias -> aliases.add(alias.asText()));
    Optional<String> architecture =
        Optional.ofNullable(node.get("architecture")).map(JsonNode::asText);
    List<KnownModel.SourceFile> files = new ArrayList<>();
    for (JsonNode file : node.required("files")) {
      files.add(
          new KnownModel.SourceFile(
              file.required("as").asText(),
              URI.create(file.required("url").asText()),
              Optional.ofNullable(file.get("sha256")).map(JsonNode::asText),
              Optional.ofNullable(file.get("md5")).map(JsonNode::asText)));
    }
    return new KnownModel(
        node.required("name").asText(),
        aliases,
        KnownModel.Kind.valueOf(node.required("kind").asText().toUpperCase(Locale.ROOT)),
        architecture,
        architecture.isPresent()
            ? Architectures.parameterCount(Architectures.of(architecture.get()))
            : node.required("parameters").asLong(),
        node.required("licence").asText(),
        Optional.ofNullable(node.get("lower_case")).map(JsonNode::asBoolean),
        node.required("origin").asText(),
        JsonFile.texts(node.path("options")),
        files);
  }

  /** {@return all models, unmodifiable} */
  public List<KnownModel> models() {
    return models;
  }

  /**
   * Returns the model of a name.
   *
   * @param name the name or an alias
   * @return the model
   * @throws IllegalArgumentException if there is none
   */
  public KnownModel require(String name) {
    return models.stream()
        .filter(model -> model.names().contains(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    (OTHER_UIE.matcher(name).matches()
                            ? "the model '%s' is not supported, its encoder is not of the BERT shape; known are %s"
                            : "there is no published model '%s'; known are %s")
                        .formatted(name, models.stream().map(KnownModel::name).toList())));
  }
}
