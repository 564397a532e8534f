package ernie4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.server.task.Paths;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The description matches the service: its paths, its fields and its responses. */
class OpenApiTest {
  private static final Set<String> OTHERS =
      Set.of("/v1/models", "/healthz", "/readyz", "/metrics", "/openapi.json", "/");
  private static final String JSON = "application/json";

  private static Running service;
  private static JsonNode api;

  @BeforeAll
  static void start() {
    service = Running.start(Servers.options(), Running.allTasks());
    api = service.get("/openapi.json").answer();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void pathsMatchTheService() {
    assertThat(api.path("openapi").textValue()).startsWith("3.1");
    Set<String> expected = new TreeSet<>(Paths.ALL);
    expected.addAll(OTHERS);
    assertThat(names(api.path("paths"))).isEqualTo(expected);
    for (String path : OTHERS) {
      assertThat(names(api.path("paths").path(path))).containsExactly("get");
      JsonNode content = api.path("paths").path(path).path("get").path("responses").path("200");
      Running.Reply reply = service.get(path);
      assertThat(reply.status()).as(path).isEqualTo(200);
      assertThat(reply.headers().firstValue("Content-Type").orElseThrow())
          .startsWith(names(content.path("content")).iterator().next());
    }
  }

  @Test
  void fieldsMatchTheRoutes() {
    for (String path : Paths.ALL) {
      JsonNode schema = schema(path);
      // The error message lists the fields that the route accepts.
      String message = service.post(path, "{'no-such-field': 1}").error(422, "no-such-field");
      String known = message.substring(message.indexOf('[') + 1, message.indexOf(']'));
      assertThat(names(schema.path("properties")))
          .as(path)
          .isEqualTo(new TreeSet<>(List.of(known.split(", ", -1))));
      assertThat(names(schema.path("properties"))).containsAll(required(schema));
    }
  }

  @Test
  void requiredFieldsAreRequired() {
    for (String path : Paths.ALL) {
      for (String field : required(schema(path))) {
        ObjectNode request = example(path);
        request.remove(field);
        assertThat(service.post(path, request).error(422, field)).endsWith("got nothing");
      }
    }
  }

  @Test
  void examplesGetTheDescribedResponses() {
    for (String path : Paths.ALL) {
      ObjectNode request = example(path);
      JsonNode answer = service.post(path, request).answer();
      JsonNode responses = api.path("paths").path(path).path("post").path("responses");
      JsonNode described =
          responses.path("200").path("content").path(JSON).path("schema").path("properties");
      assertDescribed(path, answer, described);
    }
  }

  /** Every field of a response is in the description; errors and flags need not occur. */
  private static void assertDescribed(String where, JsonNode answer, JsonNode properties) {
    for (String name : names(answer)) {
      JsonNode property = resolved(properties.path(name));
      assertThat(property.isMissingNode()).as("%s: %s is described", where, name).isFalse();
      JsonNode value = answer.path(name);
      if (value.isObject() && property.has("properties")) {
        assertDescribed(where + "." + name, value, property.path("properties"));
      } else if (value.isArray() && property.path("items").path("properties").isObject()) {
        assertThat(value).as(where).isNotEmpty();
        for (JsonNode item : value) {
          assertDescribed(where + "." + name, item, property.path("items").path("properties"));
        }
      } else {
        assertType(where + "." + name, value, property);
      }
    }
  }

  private static void assertType(String where, JsonNode value, JsonNode property) {
    List<String> types = new ArrayList<>();
    property.findValues("type").forEach(type -> types.add(type.asText()));
    String type =
        value.isTextual()
            ? "string"
            : value.isBoolean()
                ? "boolean"
                : value.isInt()
                    ? "integer"
                    : value.isNumber() ? "number" : value.isArray() ? "array" : "object";
    assertThat(types).as(where).contains(type);
  }

  @Test
  void everyReferenceHasATarget() {
    List<String> references = api.findValuesAsText("$ref");
    assertThat(references).isNotEmpty();
    for (String reference : references) {
      assertThat(api.at(reference.substring(1)).isObject()).as(reference).isTrue();
    }
    assertThat(api.findValuesAsText("operationId")).doesNotHaveDuplicates().hasSize(14);
  }

  /** Errors have the described format, and every status that clients may get is described. */
  @Test
  void errors() {
    JsonNode error = api.at("/components/schemas/Error/properties/error/properties");
    JsonNode actual = service.post(Paths.ALL.get(0), "{}").json().path("error");
    assertThat(names(actual)).isEqualTo(names(error));
    for (String path : Paths.ALL) {
      assertThat(names(api.path("paths").path(path).path("post").path("responses")))
          .containsExactly("200", "400", "401", "404", "413", "422", "429", "500");
    }
  }

  private static JsonNode schema(String path) {
    return body(path).path("schema");
  }

  private static ObjectNode example(String path) {
    return ((ObjectNode) body(path).path("example")).deepCopy();
  }

  private static JsonNode body(String path) {
    return api.path("paths").path(path).path("post").path("requestBody").path("content").path(JSON);
  }

  private static JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? api.at(node.path("$ref").textValue().substring(1)) : node;
  }

  private static List<String> required(JsonNode schema) {
    List<String> required = new ArrayList<>();
    schema.path("required").forEach(name -> required.add(name.textValue()));
    return required;
  }

  private static Set<String> names(JsonNode object) {
    Set<String> names = new TreeSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
