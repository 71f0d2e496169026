{{/* All that follows from drainTotal is here. */}}
{{- define "tidegate.total" -}}
{{- $total := int .Values.drainTotal -}}
{{- if lt $total 12 -}}
{{- fail (printf "drainTotal is %d: a stop is given 12 seconds at least" $total) -}}
{{- end -}}
{{- $total -}}
{{- end -}}

{{/* How long a node that stops is still given clients, by itself or by Kubernetes. */}}
{{- define "tidegate.announce" -}}
{{- div (int (include "tidegate.total" .)) 12 -}}
{{- end -}}

{{/* What Kubernetes waits before it kills: the wait before the stop, the stop, and some seconds for the process to end. */}}
{{- define "tidegate.grace" -}}
{{- $before := ternary (int (include "tidegate.announce" .)) 0 .Values.preStopSleep -}}
{{- add (int (include "tidegate.total" .)) 10 $before -}}
{{- end -}}

{{/* A node that is not ready is noticed within half of the time in which it is still given clients; one look a second. */}}
{{- define "tidegate.readinessFailures" -}}
{{- max 1 (div (int (include "tidegate.announce" .)) 2) -}}
{{- end -}}

{{/* A look each five seconds. */}}
{{- define "tidegate.livenessFailures" -}}
{{- max 2 (div (int (include "tidegate.total" .)) 10) -}}
{{- end -}}

{{- define "tidegate.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* A setting as the name of its variable. */}}
{{- define "tidegate.variable" -}}
TIDEGATE_{{ . | replace "." "_" | replace "-" "_" | upper }}
{{- end -}}

{{/* The names by which a service, or one pod of it, is asked: the first one, with its namespace, and in full. */}}
{{- define "tidegate.names" -}}
{{ .name }}, {{ .name }}.{{ .namespace }}, {{ .name }}.{{ .namespace }}.svc.cluster.local
{{- end -}}

{{- define "tidegate.scheme" -}}
{{- ternary "https" "http" (not (empty .Values.tls.secretName)) -}}
{{- end -}}

{{- define "tidegate.checked" -}}
{{- if and (not .Values.insecure) (or (not .Values.tls.secretName) (not .Values.access.secretName)) -}}
{{- fail "tls.secretName and access.secretName are needed; or insecure=true, where only trusted programs reach the nodes" -}}
{{- end -}}
{{- range $setting := list "drain.total" "drain.announce" -}}
{{- if hasKey $.Values.settings $setting -}}
{{- fail (printf "settings has %s, which follows from drainTotal: say that one" $setting) -}}
{{- end -}}
{{- end -}}
{{- if and (gt (int .Values.replicas) 1) (has (default "local" (get .Values.settings "feed.order")) (list "local")) -}}
{{- fail "several replicas need an order that they share: feed.order of kafka or jetstream in settings" -}}
{{- end -}}
{{- end -}}
