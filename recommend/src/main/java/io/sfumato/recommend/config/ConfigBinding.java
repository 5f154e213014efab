package io.sfumato.recommend.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdDelegatingSerializer;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.databind.util.StdConverter;
import io.sfumato.encoders.FineTuning;
import io.sfumato.encoders.Precision;
import io.sfumato.encoders.image.ImageAugmentation;
import io.sfumato.encoders.text.TextAugmentation;
import io.sfumato.fusion.FusionException;
import io.sfumato.fusion.FusionKind;
import io.sfumato.fusion.tuning.Augmentation;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** From a tree of settings to records and back. */
final class ConfigBinding {
  private static final JsonMapper MAPPER = mapper();

  private ConfigBinding() {}

  /** The records of a tree that has every key; {@link ConfigException} names the key, but not yet the place. */
  static SfumatoConfig bind(JsonNode tree) {
    try {
      return MAPPER.treeToValue(tree, SfumatoConfig.class);
    } catch (JsonMappingException e) {
      if (e.getCause() instanceof ConfigException cause) {
        throw cause;
      }
      String key = path(e.getPath());
      String message = e instanceof MismatchedInputException mismatch
          ? "%s must be %s but was %s".formatted(key, expected(mismatch.getTargetType()), tree.at(pointer(e.getPath())))
          : key + ": " + e.getOriginalMessage();
      throw new ConfigException(e instanceof MismatchedInputException ? "BAD_TYPE" : "BAD_VALUE", key, message, e);
    } catch (JsonProcessingException e) {
      throw new ConfigException("BAD_YAML", "", e.getOriginalMessage(), e);
    }
  }

  static JsonNode tree(SfumatoConfig config) {
    return MAPPER.valueToTree(config);
  }

  static JsonNode node(Object value) {
    return MAPPER.valueToTree(value);
  }

  static Map<String, Object> toMap(SfumatoConfig config) {
    return MAPPER.convertValue(config, new TypeReference<>() {
    });
  }

  private static String path(List<JsonMappingException.Reference> references) {
    return references.stream()
        .map(JsonMappingException.Reference::getFieldName)
        .filter(name -> name != null)
        .collect(Collectors.joining("."));
  }

  private static String pointer(List<JsonMappingException.Reference> references) {
    return references.stream()
        .map(r -> "/" + (r.getFieldName() == null ? String.valueOf(r.getIndex()) : r.getFieldName()))
        .collect(Collectors.joining());
  }

  private static String expected(Class<?> type) {
    if (type == int.class || type == long.class || type == Integer.class || type == Long.class) {
      return "a whole number";
    }
    if (type == double.class || type == Double.class) {
      return "a number";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (List.class.isAssignableFrom(type)) {
      return "a list";
    }
    return Map.class.isAssignableFrom(type) || type.isRecord() ? "a section of keys" : "a text";
  }

  private static JsonMapper mapper() {
    SimpleModule module = new SimpleModule();
    module.addDeserializer(FineTuning.class, new Parsed<>(FineTuning.class, FineTuning::parse));
    module.addDeserializer(FusionKind.class, new Parsed<>(FusionKind.class, FusionKind::parse));
    module.addDeserializer(Precision.class, new Parsed<>(Precision.class, Precision::parse));
    module.addDeserializer(TextAugmentation.class, new Parsed<>(TextAugmentation.class, Augmentation::text));
    module.addDeserializer(ImageAugmentation.class, new Parsed<>(ImageAugmentation.class, ImageAugmentation::parse));
    module.addSerializer(ImageAugmentation.class, ToStringSerializer.instance);
    module.addSerializer(TextAugmentation.class,
        new StdDelegatingSerializer(TextAugmentation.class, new StdConverter<TextAugmentation, String>() {
          @Override
          public String convert(TextAugmentation augmentation) {
            return Augmentation.label(augmentation);
          }
        }));
    module.addSerializer(FineTuning.class, ToStringSerializer.instance);
    module.addSerializer(Precision.class, ToStringSerializer.instance);
    module.addSerializer(FusionKind.class,
        new StdDelegatingSerializer(FusionKind.class, new StdConverter<FusionKind, String>() {
          @Override
          public String convert(FusionKind kind) {
            return kind.id();
          }
        }));
    JsonMapper mapper = JsonMapper.builder()
        .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .addModule(module)
        .build();
    mapper.coercionConfigFor(LogicalType.Textual)
        .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
        .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
        .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
    return mapper;
  }

  /** A type that reads itself from a text. */
  private static final class Parsed<T> extends StdDeserializer<T> {
    private static final long serialVersionUID = 1L;

    private final transient Function<String, T> parse;

    Parsed(Class<T> type, Function<String, T> parse) {
      super(type);
      this.parse = parse;
    }

    @Override
    public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
      try {
        return parse.apply(parser.getText());
      } catch (IllegalArgumentException | FusionException e) {
        throw new JsonMappingException(parser, e.getMessage(), e);
      }
    }
  }
}
