kubectl rollout restart deployment/north; sleep 30
